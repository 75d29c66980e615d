import Encoding
import Foundation
import Reports
import Training

extension TrainingReport {
  /// At most so many images of either kind: the page must stay light.
  static let mostFigures = 12
  /// More classes than these fit no plot.
  static let mostClasses = 40

  func page() throws -> Page {
    let name = modelPath.map { URL(fileURLWithPath: $0).lastPathComponent } ?? model.backbone.title
    let warned = Page.Section("Warnings", warnings.map(Page.Block.paragraph))
    var sections = [warned, try data(), summary(), try course(), try judgement()]
    if let mistakes = try mistakes() { sections.append(mistakes) }
    sections.append(try origin())
    return Page(
      title: name, subtitle: subtitle, tiles: tiles, sections: sections.filter { !$0.isEmpty },
      footer: "Written by \(Release.producer).")
  }

  private var subtitle: String {
    "\(model.head.head) on \(model.backbone.title), trained to distinguish "
      + Self.list(model.labels, most: 12)
  }

  private var tiles: [Page.Tile] {
    var tiles: [Page.Tile] = []
    if let measured = try? model.confusion, measured.total > 0 {
      let which = record.split.validation == nil ? "training" : "validation"
      tiles.append(Page.Tile(percent(measured.accuracy), "\(which) accuracy"))
    }
    if record.split.validation != nil, let accuracy = model.history.final?["accuracy"] {
      let epoch = model.history.restoredEpoch.map { "epoch \($0 + 1)" } ?? "last epoch"
      tiles.append(Page.Tile(percent(accuracy), "training accuracy, \(epoch)"))
    }
    if let test, let accuracy = test["accuracy"] {
      tiles.append(Page.Tile(percent(accuracy), "test accuracy"))
    }
    let count = record.split.training.items.count + (record.split.validation?.items.count ?? 0)
    tiles.append(
      Page.Tile(count.grouped, "images of \(counted(model.labels.count, "class", plural: "classes"))"))
    if let fit = model.fit {
      tiles.append(Page.Tile(fit.iterations.grouped, "iterations of L-BFGS"))
    } else {
      tiles.append(Page.Tile(model.history.epochs.count.grouped, "epochs"))
    }
    tiles.append(
      Page.Tile(
        seconds(record.featureSeconds + record.trainingSeconds),
        record.resumption == nil ? "to train" : "to train since it was resumed"))
    return tiles
  }

  private static func list(_ names: [String], most: Int) -> String {
    let rest = names.count - most
    return names.prefix(most).joined(separator: ", ") + (rest > 0 ? " and \(rest) more" : "")
  }
}

extension TrainingReport {
  /// The plots, each with the name of its files.
  func plots() throws -> [(name: String, drawing: Drawing)] {
    var plots = [("classes", balance)] + curves
    if let confusion = try confusionPlot { plots.append(("confusion", confusion)) }
    return plots
  }

  var balance: Drawing {
    let counts = parts.map { _, images in
      images.items.reduce(into: [Int](repeating: 0, count: model.labels.count)) { counts, item in
        if let label = item.label { counts[label] += 1 }
      }
    }
    let groups = model.labels.indices.map { label in
      BarPlot.Group(model.labels[label], counts.map { $0[label] })
    }
    guard groups.count > Self.mostClasses else {
      return BarPlot(title: "Images by class", series: parts.map(\.name), groups: groups).drawing(
        width: 440)
    }
    let end = Self.mostClasses / 2
    let sorted = groups.enumerated().sorted { left, right in
      (-left.element.counts.reduce(0, +), left.offset) < (-right.element.counts.reduce(0, +), right.offset)
    }.map(\.element)
    let title = "Images by class, the \(end) largest and the \(end) smallest of \(groups.count.grouped)"
    return BarPlot(
      title: title, series: parts.map(\.name), groups: Array(sorted.prefix(end) + sorted.suffix(end))
    ).drawing(width: 560)
  }

  /// Loss, accuracy and learning rate over the epochs; nothing where there are none.
  var curves: [(name: String, drawing: Drawing)] {
    guard model.fit == nil else { return [] }
    var curves = ["loss", "accuracy"].map { key -> (String, Drawing) in
      let measured = [("training", key, false), ("validation", "val_" + key, true)]
      let series = measured.compactMap { name, key, isDashed -> LinePlot.Series? in
        let values = model.history[key]
        return values.isEmpty ? nil : LinePlot.Series(name, values, isDashed: isDashed)
      }
      return (
        key,
        LinePlot(title: key.capitalized, xLabel: "epoch", series: series).drawing(width: 440, height: 280)
      )
    }
    if !record.learningRates.isEmpty {
      let series = LinePlot.Series("learning rate", record.learningRates)
      let first = max(1, model.history.epochs.count - record.learningRates.count + 1)
      let plot = LinePlot(title: "Learning rate", xLabel: "epoch", firstStep: first, series: [series])
      curves.append(("learning-rate", plot.drawing(width: 440, height: 280)))
    }
    return curves
  }

  /// The confusion matrix as an image; nil without evaluated images, and for too many classes to be drawn.
  var confusionPlot: Drawing? {
    get throws {
      guard let confusion = try model.confusion, confusion.total > 0,
        confusion.classCount <= Self.mostClasses
      else { return nil }
      return ConfusionPlot(
        title: "Confusion matrix", classes: model.labels, counts: confusion.counts
      ).drawing()
    }
  }

  func percent(_ share: Double) -> String { fixed(share * 100, decimals: 2) + " %" }

  func seconds(_ seconds: Double) -> String {
    seconds < 60 ? fixed(seconds, decimals: seconds < 10 ? 2 : 1) + " s" : duration(seconds)
  }
}
