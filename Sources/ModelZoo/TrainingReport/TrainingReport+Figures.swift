import Datasets
import Foundation
import Images
import Randomness
import Reports
import Tensors

extension TrainingReport {
  /// The longest side of an image on the page.
  private static let side = 160

  /// Some training images as the network sees them, of every class in turn; the seed decides which.
  func samples() -> [Page.Figure] {
    var generator = SplitMix64(seed: record.options.seed ^ 0x5A4D_504C_4553)
    let members = Dictionary(grouping: record.split.training.items, by: \.label)
    let classes = model.labels.indices.prefix(Self.mostFigures).map { label in
      (members[label] ?? []).shuffled(using: &generator)
    }
    let deepest = classes.map(\.count).max() ?? 0
    let chosen = (0..<min(deepest, Self.mostFigures)).flatMap { rank in
      classes.compactMap { rank < $0.count ? $0[rank] : nil }
    }
    return chosen.prefix(Self.mostFigures).compactMap(sample)
  }

  /// An image as it is, and in variants where there are any.
  private func sample(_ item: Dataset.Item) -> Page.Figure? {
    let recipe = model.backbone.recipe
    let images = ([nil] + variants).compactMap { variant -> Page.Image? in
      let bitmap =
        variant.map {
          try? record.options.augmentation.bitmap(
            of: item.location, name: item.name, recipe: recipe, seed: record.options.seed, variant: $0)
        } ?? (try? recipe.bitmap(of: item.location))
      let words = variant == nil ? "a training image" : "the same, augmented"
      return bitmap.flatMap { try? Page.Image($0.shrunk(toFit: Self.side), words) }
    }
    guard !images.isEmpty else { return nil }
    return Page.Figure(
      images: images, headline: item.label.map { model.labels[$0] } ?? "", details: [Self.fileName(item.name)]
    )
  }

  /// Numbers of variants that training draws from and that differ from the image as it is.
  private var variants: [Int?] {
    guard let count = record.options.augmentation.finiteVariantCount else {
      return record.options.variants == 1 ? [0] : [0, 1]
    }
    return count == 1 ? [] : count == 2 ? [1] : [1, 2]
  }

  /// What the images on the page show.
  var sampleNote: String {
    record.options.augmentation.isIdentity
      ? "Training images as the network sees them:"
      : "Training images as the network sees them, each first unchanged, then with the augmentation of the training:"
  }

  /// The most confident mistakes, each next to the evidence for the wrong class; nil if there are none.
  func mistakes() throws -> Page.Section? {
    let mistakes = model.mistakes
    guard !mistakes.isEmpty else { return nil }
    if record.features != nil { return Self.table(of: mistakes) }
    let explainer = try? Explainer(model)
    let figures = mistakes.prefix(Self.mostFigures).compactMap { mistake -> Page.Figure? in
      try? figure(mistake, explainer)
    }
    let shown =
      figures.count < mistakes.count ? ", the \(figures.count) most confident of \(mistakes.count)" : ""
    let words =
      explainer == nil
      ? "Misclassified images\(shown)."
      : "Misclassified images\(shown). On the right, yellow is the evidence for the wrong class "
        + "(Grad-CAM at the layer that the head reads)."
    return Page.Section("Most confident mistakes", [.paragraph(words), .figures(figures)])
  }

  /// The most confident mistakes where there are features alone, by name.
  private static func table(of mistakes: [TrainedModel.Mistake]) -> Page.Section {
    let columns = ["image", "class", "predicted as", "probability"].map { Table.Column($0) }
    let rows = mistakes.prefix(mostFigures).map { mistake in
      let said = mistake.prediction
      return [
        said.file, mistake.label, said.label, fixed(Double(said.probability) * 100, decimals: 2) + " %",
      ]
    }
    return Page.Section("Most confident mistakes", [.table(columns, rows: Array(rows))])
  }

  private func figure(_ mistake: TrainedModel.Mistake, _ explainer: Explainer?) throws -> Page.Figure {
    let said = mistake.prediction
    var images: [Page.Image] = []
    if let explanation = try explainer?.explain(mistake.location, label: said.label) {
      let small = try explanation.photograph.shrunk(toFit: Self.side)
      images.append(try Page.Image(small, "\(mistake.label), predicted as \(said.label)"))
      images.append(try Page.Image(small.overlaid(with: explanation.heat), "the evidence for \(said.label)"))
    } else {
      let bitmap = try model.backbone.recipe.bitmap(of: mistake.location).shrunk(toFit: Self.side)
      images.append(try Page.Image(bitmap, "\(mistake.label), predicted as \(said.label)"))
    }
    let right = said.scores.first { $0.label == mistake.label }?.probability ?? 0
    return Page.Figure(
      images: images, headline: "\(mistake.label), predicted as \(said.label)",
      details: [
        "\(said.label) \(percent(Double(said.probability))), \(mistake.label) \(percent(Double(right)))",
        said.file,
      ])
  }

  private static func fileName(_ path: String) -> String { URL(fileURLWithPath: path).lastPathComponent }
}
