import Encoding
import Foundation
import Reports
import Training

extension TrainingReport {
  /// At most so many images of either kind: the page must stay light.
  static let mostFigures = 12
  /// Of more classes than these some are shown, and all of them on request.
  static let mostClasses = 20

  func page() throws -> Page {
    let name = modelPath.map { URL(fileURLWithPath: $0).lastPathComponent } ?? model.backbone.title
    let warned = Page.Section("Warnings", warnings.map(Page.Block.warning))
    var sections = [warned, try data(), summary(), try course(), try judgement()]
    if let mistakes = try mistakes() { sections.append(mistakes) }
    sections.append(try origin())
    return Page(
      .training, title: name, subtitle: subtitle, tiles: tiles, sections: sections.filter { !$0.isEmpty },
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
      Page.Tile(time.total, record.resumption == nil ? "to train" : "to train since it was resumed"))
    return tiles
  }

  private static func list(_ names: [String], most: Int) -> String {
    let rest = names.count - most
    return names.prefix(most).joined(separator: ", ") + (rest > 0 ? " and \(rest) more" : "")
  }
}

extension TrainingReport {
  func percent(_ share: Double) -> String { perCent(share) + " %" }

  /// How long it took: two times as they are written, and the sum of what is written.
  var time: (features: String, training: String, total: String) {
    let sum = record.featureSeconds + record.trainingSeconds
    let (decimals, factor) = sum < 10 ? (2, 100.0) : sum < 60 ? (1, 10) : (0, 1)
    let parts = [record.featureSeconds, record.trainingSeconds].map { ($0 * factor).rounded() / factor }
    let written = { (seconds: Double) in
      decimals == 0 ? duration(seconds) : fixed(seconds, decimals: decimals) + " s"
    }
    return (written(parts[0]), written(parts[1]), written(parts[0] + parts[1]))
  }
}
