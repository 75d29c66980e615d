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
    return [
      "  trained further since it was converted: \(layers), \(record.parameterCount.grouped) parameters"
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

  func json(path: String, report: String?) -> JSON {
    let measures = model.history.keys.map { key -> (name: String, value: JSON) in
      (name: key, value: .array(model.history[key].map(JSON.number)))
    }
    let restored = model.history.restoredEpoch.map { JSON.integer($0 + 1) } ?? .null
    return [
      "output": .string(path), "report": JSON(report), "entry": JSON(network),
      "head": .string("\(model.head)"),
      "labels": .array(model.labels.map(JSON.string)), "epochs": .integer(model.history.epochs.count),
      "restoredEpoch": restored,
      "history": .object(measures),
    ]
  }
}
