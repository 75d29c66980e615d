import Catalog
import Encoding
import Tensors

extension OwnNetwork {
  /// Where features end and what tells that; nil where it is no more than a guess, which ``featureNotes`` say.
  var endReason: RecognitionReason? {
    switch parts.end {
    case .guessed, .kept, .nothingLearnt: nil
    case .output:
      .featureEnd("features are \(end), what the network gives: nothing at its end gives scores", other: nil)
    case .asked: .featureEnd("features are \(end), as asked", other: nil)
    case .embedding(.normalisation(let layer)):
      .featureEnd(
        "features are \(end), what the network gives: \(layer) brings all numbers to length 1, as an embedding's, not as scores",
        other: nil)
    case .embedding(.loss(let name)):
      .featureEnd(
        "features are \(end), what the network gives: it was trained with \(name), as an embedding",
        other: nil)
    case .numbers(let loss, let ahead):
      .featureEnd(
        "features are \(end), what the network gives: \(Self.numbers(loss)); they are numbers of their own, not classes, and none of its "
          + "layers is left out" + (ahead.map { "; what is ahead of its last layers is \($0)" } ?? ""),
        other: ahead)
    case .branches:
      .featureEnd("features are \(end): all that is behind that reads it\(othersBehind)", other: lastLayer)
    case .probabilities:
      .featureEnd(
        "features are \(end): what is behind that gives scores, since a softmax or sigmoid ends it\(othersBehind)",
        other: nil)
    case .evidence:
      .featureEnd(
        "features are \(end): what is behind that gives scores, since \(evidence)\(othersBehind)", other: nil)
    case .dense, .activation:
      .featureEnd(
        "features are \(end): the dense layers behind that are taken for a classifier; if they make an embedding, ask for the layer "
          + "\(lastLayer)\(othersBehind)", other: lastLayer)
    }
  }

  /// Why what a network gives are numbers of their own.
  private static func numbers(_ loss: String?) -> String {
    loss.map { "it was trained with \($0)" }
      ?? "its one output has no activation, and nothing says that it is a score (names of two classes say that it is the second's)"
  }

  /// What tells, beside the graph, that numbers are scores.
  private var evidence: String {
    loss.flatMap { $0.isOfClasses ? "it was trained with \($0.name)" : nil }
      ?? "names of its classes are given"
  }

  /// What is to be known of where its features end, where its layers do not tell.
  var featureNotes: [String] {
    switch parts.end {
    case .output, .asked, .embedding, .numbers, .branches, .probabilities, .evidence, .dense, .activation: []
    case .guessed(let convolutions):
      [
        "\(convolutions.firstNamed): \(Self.convolution(convolutions)), behind which is nothing but pooling: what it gives "
          + "is taken for scores of classes, and features are \(end)\(leftOut)"
      ]
    case .kept(let convolutions):
      [
        "\(convolutions.firstNamed): \(Self.convolution(convolutions)): what it gives may be scores of classes as well as "
          + "features; taken for features, which are \(end), all that the network gives"
      ]
    case .nothingLearnt:
      [
        "nothing was learnt ahead of what gives the scores: there are no features but the image, or what a layer of its own gives"
      ]
    }
  }

  private static func convolution(_ names: [String]) -> String {
    names.count == 1 ? "a convolution without an activation" : "convolutions without an activation"
  }

  /// The layer that may be meant in place of where features end, where the layers do not tell.
  var otherFeatures: String? {
    switch parts.end {
    case .guessed: lastLayer
    case .kept(let convolutions): network.graph.lastLayer(ahead: convolutions)
    case .output, .asked, .embedding, .numbers, .branches, .probabilities, .evidence, .dense, .activation,
      .nothingLearnt:
      nil
    }
  }

  /// What the network gives where no classifier is told from it.
  var output: NetworkOutput {
    switch parts.end {
    case .output, .asked, .branches: .features
    case .embedding: .embedding
    case .numbers: .numbers
    case .kept: .undecided
    case .probabilities, .evidence, .dense, .activation, .guessed, .nothingLearnt: .pixels
    }
  }

  /// The layer that is pooled, where layers of the network work on what was pooled.
  var pooled: String? {
    parts.poolsAhead.flatMap { name in parts.features.layers.first { $0.name == name }?.inputs.first }
  }

  /// The layer whose output the features are, and its shape.
  private var end: String {
    let layer = parts.features.layers.last?.name ?? ""
    let shapes = try? parts.features.activationShapes(height: size.height, width: size.width)
    // Of a network that goes on behind the pooling, a row of numbers.
    let shape = shapes?.last.map { pooled == nil ? $0 : TensorShape($0.dimensions.suffix(1)) }
    return "those of \(layer)" + (shape.map { ", \($0)" } ?? "")
  }

  /// The model's last layer that computes anything.
  private var lastLayer: String {
    network.graph.layers.last { !$0.operation.isIdentityAtInference }?.name ?? ""
  }

  /// The layers that are not ahead of the features.
  private var layersBehind: [Layer] {
    let kept = Set(parts.features.layers.map(\.name))
    return network.graph.layers.filter { !kept.contains($0.name) }
  }

  /// Those of them that no usual classifier has, as a sentence goes on.
  private var othersBehind: String {
    let others = layersBehind.filter { !$0.operation.isUsualInClassifiers }
    return others.isEmpty ? "" : "; with the classifier goes \(others.map(\.name).firstNamed), too"
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
