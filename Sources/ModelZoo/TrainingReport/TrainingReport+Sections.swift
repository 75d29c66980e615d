import Datasets
import Encoding
import Reports
import TensorArchive
import Tensors
import Training

extension TrainingReport {
  /// The images: how many of each class, and what some of them look like to the network.
  func data() throws -> Page.Section {
    var blocks: [Page.Block] = [.plots([balance])]
    let samples = samples()
    if !samples.isEmpty {
      blocks.append(.paragraph(sampleNote))
      blocks.append(.figures(samples))
    }
    if !model.skipped.isEmpty {
      blocks.append(
        .paragraph("\(counted(model.skipped.count, "image")) could not be read and were left out:"))
      let lines = model.skipped.prefix(Self.mostFigures).map { [$0.path, $0.error.description] }
      blocks.append(.table([Table.Column("file"), Table.Column("why")], rows: Array(lines)))
    }
    return Page.Section("Data", blocks)
  }

  /// Backbone and head, layer by layer.
  func summary() -> Page.Section {
    let backbone = model.backbone
    let parameters = (try? backbone.parameterCount).map { $0.grouped } ?? ""
    let shape = { (shape: TensorShape) in "\(shape)".replacing(" ", with: "\u{A0}") }
    let cut = backbone.options.layer.map { "\(backbone.title), up to \($0)" } ?? backbone.title
    let state = model.fineTuning == nil ? "frozen" : "in part trained"
    var rows = [["\(cut) (\(state))", shape(backbone.inputShape), shape(backbone.featureShape), parameters]]
    for layer in (try? model.head.head.summary(inputShape: model.head.inputShape)) ?? [] {
      rows.append([
        layer.name, shape(layer.inputShape), shape(layer.outputShape), layer.parameterCount.grouped,
      ])
    }
    let tuned = model.fineTuning
    if let tuned, let first = tuned.layers.first, let last = tuned.layers.last {
      let place = first == last ? first : "\(first) to \(last)"
      rows.append(["trained of the backbone: \(place)", "", "", tuned.parameterCount.grouped])
    }
    let trained = model.head.parameterCount + (tuned?.parameterCount ?? 0)
    rows.append(["all trained layers", "", "", trained.grouped])
    let columns = [
      Table.Column("layer"), Table.Column("input"), Table.Column("output"),
      Table.Column("parameters", .trailing),
    ]
    return Page.Section("Model", [.table(columns, rows: rows)])
  }

  /// How the training went.
  func course() throws -> Page.Section {
    var blocks: [Page.Block] = []
    if let fit = model.fit {
      let end = fit.hasConverged ? "converged" : "stopped before it converged,"
      blocks.append(
        .paragraph("L-BFGS \(end) after \(counted(fit.iterations, "iteration")) with C \(fit.strength)."))
      if !fit.candidates.isEmpty {
        let columns = ["C", "cross-validation loss", "cross-validation accuracy"].map {
          Table.Column($0, .trailing)
        }
        let rows = fit.candidates.map {
          ["\($0.strength)", fixed($0.loss, decimals: 4), fixed($0.accuracy, decimals: 4)]
        }
        blocks.append(.table(columns, rows: rows))
      }
    } else {
      blocks.append(.plots(curves.map(\.drawing)))
    }
    if let epoch = model.history.restoredEpoch {
      blocks.append(
        .paragraph("The head of epoch \(epoch + 1), the best one, was restored; these are its numbers."))
    }
    if let final = model.history.final {
      let numbers = final.entries.map { (name: $0.name, value: EpochPrinter.format($0.value)) }
      let tested = test?.entries.map { (name: "test_\($0.name)", value: EpochPrinter.format($0.value)) } ?? []
      blocks.append(.facts(numbers + tested))
    }
    return Page.Section("Training", blocks)
  }

  /// How the evaluated images were classified.
  func judgement() throws -> Page.Section {
    guard let confusion = try model.confusion, confusion.total > 0 else {
      return Page.Section("Evaluation", [])
    }
    let rows = ClassReport(confusion).rows(model.labels)
    let which =
      record.split.validation == nil
      ? "Of the training images, because there are no validation images," : "Of the validation images,"
    let count = "\(confusion.correct.grouped) of \(confusion.total.grouped) were classified correctly."
    let matrix = try confusionPlot.map { Page.Block.plots([$0]) } ?? Self.confusions(confusion, model.labels)
    return Page.Section(
      "Evaluation", [.paragraph("\(which) \(count)"), matrix, .table(ClassReport.columns, rows: rows)])
  }

  /// The most frequent confusions, where the whole matrix is too large.
  private static func confusions(_ confusion: ConfusionMatrix, _ labels: [String]) -> Page.Block {
    var pairs: [(count: Int, truth: Int, prediction: Int)] = []
    for (truth, line) in confusion.counts.enumerated() {
      for (prediction, count) in line.enumerated() where count > 0 && truth != prediction {
        pairs.append((count, truth, prediction))
      }
    }
    pairs.sort { (-$0.count, $0.truth, $0.prediction) < (-$1.count, $1.truth, $1.prediction) }
    let rows = pairs.prefix(20).map { [labels[$0.truth], labels[$0.prediction], $0.count.grouped] }
    let columns = [
      Table.Column("class"), Table.Column("predicted as"), Table.Column("images", .trailing),
    ]
    return .table(columns, rows: Array(rows))
  }

  /// Everything that is needed to reproduce the training.
  func origin() throws -> Page.Section {
    let facts = try settings() + digests()
    let note =
      "The digest of a list of images is the SHA-256 of one line per image: its own SHA-256, two spaces and its name."
    let typed = command.map { [Page.Block.code($0)] } ?? []
    return Page.Section("How to reproduce it", typed + resumption + [.facts(facts), .paragraph(note)])
  }

  func settings() -> [(name: String, value: String)] {
    let (recipe, options) = (model.backbone.recipe, record.options)
    var facts: [(name: String, value: String)] = [
      ("seed", "\(options.seed)"), ("features", seconds(record.featureSeconds)),
      ("training", seconds(record.trainingSeconds)),
    ]
    if let epochs = options.epochs {
      facts += [("optimizer", "\(epochs.optimizer)"), ("batch", "\(epochs.batchSize)")]
    }
    return facts + [("preprocessing", "\(recipe.preprocessing.label), \(recipe.interpolation.rawValue)")]
  }

  func digests() throws -> [(name: String, value: String)] {
    let backbone = model.backbone
    var facts: [(name: String, value: String)] = []
    if let digest = backbone.digest { facts.append(("backbone, SHA-256", digest)) }
    if let source = backbone.source {
      facts.append(("its source", "\(source.fileName), SHA-256 \(source.digests.sha256)"))
    }
    for (name, images) in parts {
      facts.append(("\(name) images, SHA-256", ImageDigest.sha256(of: images.items)))
    }
    if let digest = try modelPath.flatMap({ try Archive(contentsOf: $0).digest }) {
      facts.append(("model, SHA-256", digest))
    }
    return facts
  }

  /// A note about a training that was interrupted; nothing for others.
  private var resumption: [Page.Block] {
    guard let place = record.resumption else { return [] }
    let promise =
      command == nil ? "Times" : "The command gives the same result, bit for bit, without interruption; times"
    return [
      .paragraph(
        "This training was interrupted after \(place) and resumed. \(promise) are those since the interruption."
      )
    ]
  }
}

extension Page.Section {
  /// Whether there is nothing to show.
  var isEmpty: Bool { blocks.isEmpty }
}
