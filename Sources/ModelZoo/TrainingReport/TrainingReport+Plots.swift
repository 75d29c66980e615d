import Encoding
import Reports
import Training

extension TrainingReport {
  /// The plots, each with the name of its file.
  func plots() throws -> [(name: String, drawing: Drawing)] {
    let balance = balance.enumerated().map { index, drawing in
      (name: index == 0 ? "classes" : "classes-\(index + 1)", drawing: drawing)
    }
    var plots = balance + curves
    if let confusion = try confusionPlot { plots.append(("confusion", confusion)) }
    return plots
  }

  /// Images by class: one plot of a few classes, two halves of more, and of very many the largest and the smallest.
  var balance: [Drawing] {
    let groups = classCounts.enumerated().map { BarPlot.Group(model.labels[$0], $1) }
    let half = Self.mostClasses / 2
    guard groups.count > half else { return [bars("Images by class", groups)] }
    guard groups.count > Self.mostClasses else {
      let middle = (groups.count + 1) / 2
      return [
        bars("Images by class", Array(groups[..<middle])),
        bars("Images by class, continued", Array(groups[middle...])),
      ]
    }
    let sorted = groups.enumerated().sorted { left, right in
      (-left.element.counts.reduce(0, +), left.offset) < (-right.element.counts.reduce(0, +), right.offset)
    }.map(\.element)
    return [
      bars("The \(half) largest of \(groups.count.grouped) classes", Array(sorted.prefix(half))),
      bars("The \(half) smallest of \(groups.count.grouped) classes", Array(sorted.suffix(half))),
    ]
  }

  /// For each class how many images each part has.
  var classCounts: [[Int]] {
    let counts = parts.map { _, images in
      images.items.reduce(into: [Int](repeating: 0, count: model.labels.count)) { counts, item in
        if let label = item.label { counts[label] += 1 }
      }
    }
    return model.labels.indices.map { label in counts.map { $0[label] } }
  }

  private func bars(_ title: String, _ groups: [BarPlot.Group]) -> Drawing {
    BarPlot(title: title, series: parts.map(\.name), groups: groups).drawing(width: 560)
  }

  /// Loss, accuracy and whatever else was measured over the epochs, and the learning rate where it changes or there are two; nothing
  /// where there are no epochs.
  var curves: [(name: String, drawing: Drawing)] {
    guard model.fit == nil else { return [] }
    let others = model.history.keys.filter {
      !$0.hasPrefix("val_") && !["loss", "accuracy", "learning_rate"].contains($0)
    }
    var curves = (["loss", "accuracy"] + others).compactMap(curve)
    if let plot = learningRatePlot { curves.append(("learning-rate", plot.drawing(width: 560, height: 300))) }
    return curves
  }

  /// The learning rate where it changes, and that of the backbone's layers where they were trained: with a gap while the head learnt
  /// alone.
  private var learningRatePlot: LinePlot? {
    let (rates, others) = (record.learningRates, record.backboneLearningRates)
    guard !rates.isEmpty, constantLearningRate == nil || !others.isEmpty else { return nil }
    var series = [LinePlot.Series(others.isEmpty ? "learning rate" : "head", rates)]
    if !others.isEmpty {
      series.append(LinePlot.Series("backbone", others.map { $0 == 0 ? .nan : $0 }, isDashed: true))
    }
    let first = max(1, model.history.epochs.count - rates.count + 1)
    return LinePlot(title: "Learning rate", xLabel: "epoch", firstStep: first, series: series)
  }

  private func curve(_ key: String) -> (name: String, drawing: Drawing)? {
    let measured = [("training", key, false), ("validation", "val_" + key, true)]
    let series = measured.compactMap { name, key, isDashed -> LinePlot.Series? in
      let values = model.history[key]
      return values.isEmpty ? nil : LinePlot.Series(name, values, isDashed: isDashed)
    }
    guard !series.isEmpty else { return nil }
    let words = key == "auc" ? "AUC" : key.replacing("_", with: " ")
    let plot = LinePlot(
      title: words.prefix(1).uppercased() + words.dropFirst(), xLabel: "epoch", series: series,
      milestone: bestEpoch)
    return (key.replacing("_", with: "-"), plot.drawing(width: 560, height: 300))
  }

  /// The epoch whose head was restored, or else that of the lowest validation loss; nil without validation.
  private var bestEpoch: LinePlot.Milestone? {
    if let restored = model.history.restoredEpoch {
      return LinePlot.Milestone(restored + 1, "best epoch, restored")
    }
    let losses = model.history["val_loss"].enumerated().filter { $0.element.isFinite }
    guard let best = losses.min(by: { $0.element < $1.element }), model.history.epochs.count > 1 else {
      return nil
    }
    return LinePlot.Milestone(best.offset + 1, "lowest validation loss")
  }

  /// The learning rate of all epochs; nil where it changed.
  var constantLearningRate: Double? {
    guard let first = record.learningRates.first, record.learningRates.allSatisfy({ $0 == first }) else {
      return nil
    }
    return first
  }

  /// The confusion matrix as an image, of very many classes that of the worst and the largest; nil without evaluated images.
  var confusionPlot: Drawing? {
    get throws {
      guard let confusion = try model.confusion, confusion.total > 0 else { return nil }
      guard confusion.classCount > Self.mostClasses else {
        return ConfusionPlot(
          title: "Confusion matrix", classes: model.labels, counts: confusion.counts
        ).drawing()
      }
      let chosen = Self.tellingClasses(confusion)
      let others = "the other \((confusion.classCount - chosen.count).grouped)"
      return ConfusionPlot(
        title: "Confusion matrix of the worst and the largest classes",
        classes: chosen.map { model.labels[$0] } + [others], counts: confusion.merged(keeping: chosen)
      ).drawing()
    }
  }

  /// The classes with the lowest F1 and, of the others, the largest: half of ``mostClasses`` each, in their order.
  static func tellingClasses(_ confusion: ConfusionMatrix) -> [Int] {
    let rows = ClassReport(confusion).classes
    let measured = rows.indices.filter { rows[$0].support > 0 }
    let worst = measured.sorted { (rows[$0].f1, $0) < (rows[$1].f1, $1) }.prefix(mostClasses / 2)
    let largest = measured.filter { !worst.contains($0) }
      .sorted { (-rows[$0].support, $0) < (-rows[$1].support, $1) }.prefix(mostClasses / 2)
    return (worst + largest).sorted()
  }
}

extension ConfusionMatrix {
  /// The counts of some classes, all others together behind them.
  fileprivate func merged(keeping chosen: [Int]) -> [[Int]] {
    var places = [Int](repeating: chosen.count, count: classCount)
    for (place, label) in chosen.enumerated() { places[label] = place }
    var merged = [[Int]](repeating: [Int](repeating: 0, count: chosen.count + 1), count: chosen.count + 1)
    for (truth, line) in counts.enumerated() {
      for (prediction, count) in line.enumerated() { merged[places[truth]][places[prediction]] += count }
    }
    return merged
  }
}
