package import Catalog
import Tensors

/// A head as a graph of its own, which reads features. A closing activation is a layer of its own, so that a loss can read
/// what goes into it.
struct HeadGraph {
  /// The input layer, then the head's.
  private(set) var layers: LayerGraph
  /// The layer whose output goes into the closing activation, and the last one; one and the same where there is none.
  private(set) var outputs: [String]

  /// - Parameter shape: of one sample's features, `[H, W, C]` or `[C]`, which is one pixel.
  init(_ head: Head, reading shape: TensorShape) {
    let input = HeadModel.prefix + HeadDocument.source
    var layers = [
      Layer(name: input, operation: InputLayer(channels: shape[shape.rank - 1]), inputs: [])
    ]
    layers += head.graphLayers(reading: input, prefix: HeadModel.prefix)
    let last = layers[layers.count - 1].name
    self.layers = LayerGraph(layers: layers)
    outputs = [last, last]
    let closing = layers.lastIndex { !$0.isPlain } ?? 0
    if let dense = layers[closing].operation as? Catalog.Dense, dense.activation != .linear {
      split(dense, at: closing)
    } else if layers[closing].operation is any ActivationOperation {
      outputs[0] = layers[closing].inputs[0]
    }
  }

  /// Makes a layer of its own of the activation of a dense layer.
  private mutating func split(_ dense: Catalog.Dense, at index: Int) {
    let name = layers.layers[index].name
    let activation = Layer(
      name: name + "/activation", operation: ActivationLayer(dense.activation), inputs: [name])
    for reader in layers.layers.indices.dropFirst(index + 1) where layers.layers[reader].inputs == [name] {
      layers.layers[reader].inputs = [activation.name]
    }
    var sums = dense
    sums.activation = .linear
    layers.layers[index].operation = sums
    layers.layers.insert(activation, at: index + 1)
    outputs = [name, outputs[1] == name ? activation.name : outputs[1]]
  }
}

extension HeadModel {
  /// The head's layers as they follow a layer called `name`; their parameters are ``parameters``.
  package func layers(behind name: String) -> [Layer] {
    let graph = HeadGraph(head, reading: inputShape).layers.layers
    return graph.dropFirst().map { layer in
      layer.reading(layer.inputs.map { $0 == graph[0].name ? name : $0 })
    }
  }
}

extension Layer {
  /// Whether it leaves all elements as they are, in their order.
  fileprivate var isPlain: Bool {
    operation is Catalog.Flatten || (operation as? any ActivationOperation)?.activation == .linear
  }
}
