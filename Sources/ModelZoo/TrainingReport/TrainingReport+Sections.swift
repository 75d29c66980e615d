import Datasets
import Encoding
import Reports
import TensorArchive
import Tensors
import Training

extension TrainingReport {
  /// The images: how many of each class, and what some of them look like to the network.
  func data() throws -> Page.Section {
    var blocks: [Page.Block] = [.grid(balance.map(Page.Block.plot) + [.facts(dataFacts)])]
    if model.labels.count > Self.mostClasses {
      let columns = [Table.Column("class")] + parts.map { Table.Column($0.name, .trailing) }
      let rows = zip(model.labels, classCounts).map { [$0] + $1.map(\.grouped) }
      blocks.append(.fold("All \(model.labels.count.grouped) classes", [.table(columns, rows: rows)]))
    }
    let samples = samples()
    if !samples.isEmpty { blocks += [.paragraph(sampleNote), .figures(samples)] }
    if !model.skipped.isEmpty {
      blocks.append(
        .warning("\(counted(model.skipped.count, "image")) could not be read and were left out:"))
      let lines = model.skipped.prefix(Self.mostFigures).map { [$0.path, $0.error.description] }
      blocks.append(.table([Table.Column("file"), Table.Column("why")], rows: Array(lines)))
    }
    return Page.Section("Data", blocks)
  }

  private var dataFacts: [(name: String, value: String)] {
    let counts = classCounts.map { $0.reduce(0, +) }
    let (least, most) = (
      counts.indices.min { counts[$0] < counts[$1] }, counts.indices.max { counts[$0] < counts[$1] }
    )
    let extremes = [("smallest class", least), ("largest class", most)].compactMap { name, label in
      label.map { (name: name, value: "\(model.labels[$0]), \(counted(counts[$0], "image"))") }
    }
    let recipe = model.backbone.recipe
    return parts.map {
      (name: "\($0.name) images", value: "\($0.images.items.count.grouped), of \($0.images.place)")
    }
      + (counts.min() == counts.max() ? [("each class", counted(counts.first ?? 0, "image"))] : extremes)
      + [
        ("resized to", "\(recipe.height) x \(recipe.width), \(recipe.interpolation.rawValue)"),
        ("preprocessing", recipe.preprocessing.label),
        ("augmentation", record.options.augmentation.isIdentity ? "none" : "\(record.options.augmentation)"),
      ]
  }

  /// Backbone and head, layer by layer.
  func summary() -> Page.Section {
    let backbone = model.backbone
    let parameters = (try? backbone.parameterCount).map { $0.grouped } ?? ""
    let shape = { (shape: TensorShape) in "\(shape)".replacing(" ", with: "\u{A0}") }
    let cut = backbone.options.layer.map { "\(backbone.title), up to \($0)" } ?? backbone.title
    let tuned = model.fineTuning?.lastTraining
    let state = tuned?.layers.isEmpty ?? true ? "frozen" : "in part trained"
    var rows = [["\(cut) (\(state))", shape(backbone.inputShape), shape(backbone.featureShape), parameters]]
    let layers = (try? model.head.head.summary(inputShape: model.head.inputShape)) ?? []
    for layer in layers {
      rows.append([
        layer.name, shape(layer.inputShape), shape(layer.outputShape), layer.parameterCount.grouped,
      ])
    }
    if let tuned, let first = tuned.layers.first, let last = tuned.layers.last {
      let place = first == last ? first : "\(first) to \(last)"
      rows.append(["trained of the backbone: \(place)", "", "", tuned.parameterCount.grouped])
    }
    let own = layers.reduce(0) { $0 + $1.parameterCount - $1.nonTrainableParameterCount }
    rows.append(["all that was trained", "", "", (own + (tuned?.parameterCount ?? 0)).grouped])
    let columns = [
      Table.Column("layer"), Table.Column("input"), Table.Column("output"),
      Table.Column("parameters", .trailing),
    ]
    return Page.Section("Model", [.table(columns, rows: rows)])
  }

  /// How the training went.
  func course() throws -> Page.Section {
    var blocks = model.fit.map(Self.blocks) ?? [sayings].filter { !$0.isEmpty }.map(Page.Block.paragraph)
    let numbers = finalNumbers
    let parts = curves.map { Page.Block.plot($0.drawing) } + (numbers.isEmpty ? [] : [.facts(numbers)])
    if !parts.isEmpty { blocks.append(.grid(parts)) }
    return Page.Section("Training", blocks)
  }

  private static func blocks(_ fit: FittedHead) -> [Page.Block] {
    let end = fit.hasConverged ? "converged" : "stopped before it converged,"
    let sentence = "L-BFGS \(end) after \(counted(fit.iterations, "iteration")) with C \(fit.strength)."
    guard !fit.candidates.isEmpty else { return [.paragraph(sentence)] }
    let columns = ["C", "cross-validation loss", "cross-validation accuracy"].map {
      Table.Column($0, .trailing)
    }
    let rows = fit.candidates.map {
      ["\($0.strength)", metric($0.loss), metric($0.accuracy)]
    }
    return [.paragraph(sentence), .table(columns, rows: rows)]
  }

  /// What of the course of the epochs is said in words.
  private var sayings: String {
    let rate = constantLearningRate.map { "The learning rate was \(Float($0)) in every epoch." }
    let restored = model.history.restoredEpoch.map {
      "The head of epoch \($0 + 1), the best one, was restored; these are its numbers."
    }
    return [rate, tuning, restored].compactMap(\.self).joined(separator: " ")
  }

  /// What of the backbone was trained, and how.
  private var tuning: String? {
    guard let asked = record.options.fineTuning else { return nil }
    guard let layers = model.fineTuning?.lastTraining.layers, !layers.isEmpty else {
      return
        "No layer of the backbone was trained: the model is of epoch \(model.history.modelEpochs), and they begin to "
        + "learn with epoch \(asked.headEpochs + 1)."
    }
    let start = asked.headEpochs > 0 ? ", from epoch \(asked.headEpochs + 1) on" : ""
    return "\(counted(layers.count, "layer")) of the backbone were trained, too\(start)\(rate(of: asked))."
  }

  /// The learning rate of the backbone's layers beside the head's.
  private func rate(of tuning: FineTuning) -> String {
    guard let rate = tuning.learningRate, let epochs = record.options.epochs else {
      return ", at the head's learning rate"
    }
    let head = epochs.scheduledOptimizer(images: record.split.training.items.count).learningRate
    guard let first = head.reference, "\(head)" != "\(first)" else {
      return ", at the learning rate \(Float(rate)) where the head's is \(head), and in step with that"
    }
    return
      ", at a learning rate of \(Float(rate)) where the head's is \(Float(first)), and in step with that: \(head)"
  }

  private var finalNumbers: [(name: String, value: String)] {
    let final =
      model.history.final?.entries.map { (name: $0.name, value: EpochPrinter.format($0.value)) } ?? []
    return final
      + (test?.entries.map { (name: "test_\($0.name)", value: EpochPrinter.format($0.value)) } ?? [])
  }

  /// How the evaluated images were classified.
  func judgement() throws -> Page.Section {
    guard let confusion = try model.confusion, confusion.total > 0, let plot = try confusionPlot else {
      return Page.Section("Evaluation", [])
    }
    let rows = ClassReport(confusion).rows(model.labels)
    let which =
      record.split.validation == nil
      ? "Of the training images, because there are no validation images," : "Of the validation images,"
    let count = "\(confusion.correct.grouped) of \(confusion.total.grouped) were classified correctly."
    let table = { (rows: [[String]]) in Page.Block.table(ClassReport.columns, rows: rows) }
    var blocks: [Page.Block] = [.paragraph("\(which) \(count)")]
    if model.labels.count > Self.mostClasses {
      let chosen = Self.tellingClasses(confusion)
      let means = Array(rows.suffix(rows.count - model.labels.count))
      blocks += [
        .grid([.plot(plot), table(chosen.map { rows[$0] } + means)]),
        .fold("All \(model.labels.count.grouped) classes", [table(rows)]),
      ]
    } else {
      blocks.append(.grid([.plot(plot), table(rows)]))
    }
    return Page.Section("Evaluation", blocks + Self.confusions(confusion, model.labels))
  }

  /// The most frequent confusions, where the matrix has not all of them.
  private static func confusions(_ confusion: ConfusionMatrix, _ labels: [String]) -> [Page.Block] {
    guard labels.count > mostClasses else { return [] }
    var pairs: [(count: Int, truth: Int, prediction: Int)] = []
    for (truth, line) in confusion.counts.enumerated() {
      for (prediction, count) in line.enumerated() where count > 0 && truth != prediction {
        pairs.append((count, truth, prediction))
      }
    }
    pairs.sort { (-$0.count, $0.truth, $0.prediction) < (-$1.count, $1.truth, $1.prediction) }
    let rows = pairs.prefix(50).map { [labels[$0.truth], labels[$0.prediction], $0.count.grouped] }
    let columns = [
      Table.Column("class"), Table.Column("predicted as"), Table.Column("images", .trailing),
    ]
    return rows.isEmpty ? [] : [.fold("The most frequent confusions", [.table(columns, rows: Array(rows))])]
  }
}

extension Page.Section {
  /// Whether there is nothing to show.
  var isEmpty: Bool { blocks.isEmpty }
}
