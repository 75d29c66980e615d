import Catalog
import Encoding
import Tensors

extension OwnNetwork {
  /// What is to be known of where its features end, where its layers do not tell.
  func featureNotes(_ options: ConversionOptions) -> [String] {
    switch parts.end {
    case .told: []
    case .guessed(let convolution):
      [
        "\(convolution): a convolution without an activation, behind which is nothing but pooling: what it gives is taken for "
          + "scores of classes, and features are \(end)\(leftOut)"
      ]
    case .unknown:
      [
        "nothing was learnt ahead of what gives the scores: features are \(end)\(leftOut)"
      ]
    }
  }

  /// The layer that is pooled, where layers of the network work on what was pooled.
  var pooled: String? {
    parts.poolsAhead.flatMap { name in parts.features.layers.first { $0.name == name }?.inputs.first }
  }

  /// Where features end, where other layers go with the classifier than any has; nil where none does.
  var endNote: String? {
    let others = layersBehind.filter { !$0.operation.isUsualInClassifiers }
    guard parts.end == .told, !others.isEmpty else { return nil }
    return
      "features are \(end); what is behind that belongs to the classifier, also \(others.map(\.name).firstNamed)"
  }

  /// The layer whose output the features are, and its shape.
  private var end: String {
    let layer = parts.features.layers.last?.name ?? ""
    let shapes = try? parts.features.activationShapes(height: size.height, width: size.width)
    // Of a network that goes on behind the pooling, a row of numbers.
    let shape = shapes?.last.map { pooled == nil ? $0 : TensorShape($0.dimensions.suffix(1)) }
    return "those of \(layer)" + (shape.map { ", \($0)" } ?? "")
  }

  /// The layers that are not ahead of the features.
  private var layersBehind: [Layer] {
    let kept = Set(parts.features.layers.map(\.name))
    return network.graph.layers.filter { !kept.contains($0.name) }
  }

  private var leftOut: String { "; without " + layersBehind.map(\.name).firstNamed }

  /// That layers have other names than in the file; nil where none has.
  var renamingNote: String? {
    let renamed = network.renamed
    guard !renamed.isEmpty else { return nil }
    let shown = renamed.prefix(4).map { "'\($0.own.inFewWords)' is \($0.name.inFewWords)" }.joined(
      separator: ", ")
    let rest = renamed.count > 4 ? " and \(renamed.count - 4) more" : ""
    return "names of layers have no blanks here, at most 256 bytes, and each is one layer's: \(shown)\(rest)"
  }
}

extension String {
  /// The name as a sentence shows it: its beginning and its end, where it is long.
  fileprivate var inFewWords: String { count > 60 ? "\(prefix(30))…\(suffix(20))".printable : printable }
}

extension LayerOperation {
  /// Whether a classifier has it so often that nobody looks for it among the layers of features.
  fileprivate var isUsualInClassifiers: Bool {
    self is Dense || isIdentityAtInference || self is any ActivationOperation
      || self is any GlobalPoolingOperation || self is any PoolingOperation || self is Flatten
      || self is Reshape
  }
}
