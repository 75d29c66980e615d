import ModelZoo
import Reports

/// A trained model in one line, and as JSON.
struct TrainedModelView {
  private let network: String?
  private let model: TrainedModelDescription

  /// A model that was just trained.
  init(_ model: TrainedModel) {
    network = model.backbone.identifier
    self.model = TrainedModelDescription(model)
  }

  /// The model in an archive, without its backbone.
  init(_ model: TrainedModelDescription) { (network, self.model) = (nil, model) }

  /// The network, the head and what it reached, as in
  /// `dense(4, softmax), 4 classes, 12 epochs, val_accuracy 0.9500`.
  var sentence: String {
    let network = network.map { "\($0), " } ?? ""
    let classes = counted(model.labels.count, "class", plural: "classes")
    return "\(network)\(model.head), \(classes)" + measure
  }

  /// What an archive is and which classes it knows.
  var lines: [String] {
    let kind =
      model.checkpointPlace.map { "a checkpoint after \($0), without its backbone" } ?? "a trained model"
    let origin = model.origin.map { ["  trained on from: \($0.name), digest \($0.digest)"] } ?? []
    let images = model.scaling.map { ["  images: resized to \($0)"] } ?? []
    return ["  \(kind): \(sentence)", "  classes: \(model.labels.joined(separator: ", "))"] + images + origin
      + tuning
  }

  /// What of the backbone is not as it was converted.
  private var tuning: [String] {
    guard let record = model.fineTuning, let first = record.layers.first, let last = record.layers.last else {
      return []
    }
    let layers = record.layers.count == 1 ? first : "\(record.layers.count) layers, \(first) to \(last)"
    let rate = record.learningRate.map { ", at a learning rate of \(Float($0))" } ?? ""
    let stage =
      record.headEpochs > 0 ? ", behind \(counted(record.headEpochs, "epoch")) of the head alone" : ""
    return [
      "  trained further since it was converted: \(layers), \(record.parameterCount.grouped) parameters\(rate)\(stage)"
    ]
  }

  /// What the epoch that the head is of reached: the validation accuracy, or the training accuracy without validation
  /// images.
  private var measure: String {
    let accuracies = ["accuracy", "acc"]
    let names = accuracies.map { "val_" + $0 } + accuracies
    guard let key = names.first(where: model.history.keys.contains), let reached = model.history.final?[key]
    else { return "" }
    let epochs = counted(model.history.epochs.count, "epoch")
    let restored = model.history.restoredEpoch.map { ", of which epoch \($0 + 1) was restored" } ?? ""
    return (model.isLinearFit ? ", L-BFGS" : ", \(epochs)\(restored)")
      + ", \(key) \(EpochPrinter.format(reached))"
  }

  /// What a training that wrote the model to `path` prints.
  ///
  /// - Parameter test: what the model measures on test images; nil without any.
  func json(path: String, report: String?, test: Logs? = nil) -> JSON {
    let measures = test?.entries.map { (name: $0.name, value: JSON.number($0.value)) }
    return .object(
      [("output", .string(path)), ("report", JSON(report)), ("entry", JSON(network))] + facts
        + [("history", history), ("test", measures.map(JSON.object) ?? .null)])
  }

  /// What an archive holds.
  var json: JSON {
    let from = model.origin.map { origin -> JSON in
      ["name": .string(origin.name), "digest": .string(origin.digest)]
    }
    let tuning = model.fineTuning.map { record -> JSON in
      [
        "layers": .array(record.layers.map(JSON.string)), "parameters": .integer(record.parameterCount),
        "lastTraining": .array(record.lastTraining.layers.map(JSON.string)),
      ]
    }
    return .object(
      facts + [
        ("history", history), ("fit", .string(model.isLinearFit ? "lbfgs" : "epochs")),
        ("checkpoint", JSON(model.checkpointPlace)), ("images", JSON(model.scaling.map { "\($0)" })),
        ("trainedFrom", from ?? .null), ("trainedFurther", tuning ?? .null),
      ])
  }

  private var facts: [(name: String, value: JSON)] {
    [
      ("head", .string("\(model.head)")), ("labels", .array(model.labels.map(JSON.string))),
      ("epochs", .integer(model.history.epochs.count)),
      ("restoredEpoch", model.history.restoredEpoch.map { JSON.integer($0 + 1) } ?? .null),
    ]
  }

  private var history: JSON {
    .object(
      model.history.keys.map { key in
        (name: key, value: .array(model.history[key].map(JSON.number)))
      })
  }
}
