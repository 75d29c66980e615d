import Encoding
import Foundation
import ModelZoo
import Reports
import TensorArchive
import Tensors
import Training

/// What is said of a trained model in a line, and to machines.
struct TrainedModelPage {
  private let entry: String?
  private let head: HeadModel
  private let labels: [String]
  private let history: History
  private let isFitted: Bool

  /// A model that was just trained.
  init(_ model: TrainedModel) {
    (entry, head) = (model.backbone.identifier, model.head)
    (labels, history) = (model.labels, model.history)
    isFitted = model.fit != nil
  }

  /// The model in an archive, without its backbone; nil when there is none, or none that can be read.
  init?(_ archive: Archive) {
    guard let sections = archive.manifest?.sections, let text = sections["head"] else { return nil }
    let head = try? HeadModel(json: text) { name in
      guard archive.contains(name) else { return nil }
      let view = try archive.tensor(named: name)
      return view.floats().map { Tensor(shape: view.shape, scalars: $0) }
    }
    let labels = try? JSONDecoder().decode([String].self, from: Data((sections["labels"] ?? "").utf8))
    guard let head, let labels else { return nil }
    (self.head, self.labels) = (head, labels)
    entry = nil
    isFitted = false
    history = sections["history"].flatMap { try? History(json: $0) } ?? History()
  }

  /// The network, the head and what it reached, as in
  /// `dense(4, softmax), 4 classes, 12 epochs, val_accuracy 0.9500`.
  var sentence: String {
    let network = entry.map { "\($0), " } ?? ""
    let classes = counted(labels.count, "class", plural: "classes")
    return "\(network)\(head.head), \(classes)" + measure
  }

  /// The names of the classes, in the order of the head's outputs.
  var classes: String { labels.joined(separator: ", ") }

  /// What the last epoch reached: the accuracy on pictures that were not learnt from, if any were.
  private var measure: String {
    let key = history.keys.contains("val_accuracy") ? "val_accuracy" : "accuracy"
    guard let last = history[key].last else { return "" }
    let epochs = counted(history.epochs.count, "epoch")
    return (isFitted ? ", L-BFGS" : ", \(epochs)") + ", \(key) \(String(format: "%.4f", last))"
  }

  func json(path: String, report: String?) -> JSON {
    let measures = history.keys.map { key -> (name: String, value: JSON) in
      (name: key, value: .array(history[key].map(JSON.number)))
    }
    return [
      "output": .string(path), "report": JSON(report), "entry": JSON(entry), "head": .string("\(head.head)"),
      "labels": .array(labels.map(JSON.string)), "epochs": .integer(history.epochs.count),
      "history": .object(measures),
    ]
  }
}
