import Tensors

/// A network taken apart where its features are: what computes them, and the layers that classify by them.
package struct NetworkParts: Sendable {
  /// What computes features, and all else that is no classifier's.
  package let backbone: LayerGraph
  /// The network below its last layer that pools or flattens everything: what is left without any classifier.
  package let features: LayerGraph
  /// How the features are pooled ahead of the classifier: a layer that leaves one number a channel; nil where they are not.
  package let pooling: Layer?
  /// The layers from there to the output, one after the other; empty for a network without a classifier.
  package let classifier: [Layer]

  /// Whether the last thing a classifier does is to make its numbers lie between 0 and 1.
  package var endsInProbabilities: Bool { outputActivation.givesProbabilities }

  /// What a classifier's numbers go through last.
  package var outputActivation: Activation {
    let last = classifier.last { !$0.operation.isIdentityAtInference }?.operation
    return (last as? any BiasedOperation)?.activation ?? (last as? any ActivationOperation)?.activation
      ?? .linear
  }

  /// The operations that a classifier's layers may have; one with others is part of the backbone up to its last activation.
  package static let operations: [any LayerOperation.Type] = [
    Dense.self, ActivationLayer.self, BatchNormalization.self, UnitNormalization.self, Dropout.self,
    Flatten.self,
    GlobalAveragePooling2D.self, GlobalMaxPooling2D.self,
  ]

  /// Takes `graph` apart, of whose last layers each is all that reads the one before it.
  ///
  /// - Throws: `CatalogError` where the graph's shapes do not fit `size`.
  package init(_ graph: LayerGraph, size: Extent) throws(CatalogError) {
    let shapes = try graph.activationShapes(height: size.height, width: size.width)
    let chain = graph.closingChain
    let start = chain.last { graph.layers[$0].operation.endsFeatures } ?? chain.first
    let top = chain.drop { $0 != start }.map { graph.layers[$0] }
    guard shapes.last?.rank == 1, let first = top.first, top.contains(where: \.operation.classifies) else {
      let bare = graph.withoutAveraging
      self.init(backbone: bare, features: bare)
      return
    }
    let names = Set(top.map(\.name))
    let below = LayerGraph(layers: graph.layers.filter { !names.contains($0.name) })
    guard first.operation.endsFeatures else {
      // Several rows that were pooled each for itself and joined are features, too.
      let layers = top.compactMap { $0.simplified(isRow: true) }
      let isRow = below.layers.last?.name == first.inputs.first && shapes[below.layers.count - 1].rank == 1
      if isRow, layers.allSatisfy(\.isOfClassifiers) {
        self.init(backbone: below, features: below, classifier: layers)
      } else {
        self = graph.separatingActivation(features: graph)
      }
      return
    }
    let layers = top.compactMap { $0.simplified(isRow: $0.name != top[0].name) }
    guard layers.allSatisfy(\.isOfClassifiers),
      !((layers[0].operation as? any GlobalPoolingOperation)?.keepsDimensions ?? false)
    else {
      self = graph.separatingActivation(features: below)
      return
    }
    if layers[0].operation is any GlobalPoolingOperation {
      self.init(backbone: below, features: below, pooling: layers[0], classifier: Array(layers.dropFirst()))
      return
    }
    guard [1, 3].contains(shapes[below.layers.count - 1].rank) else {
      // A classifier reads pixels or one row of numbers: sequences become that inside the network.
      let flattened = LayerGraph(layers: below.layers + [first])
      self.init(backbone: flattened, features: below, classifier: Array(layers.dropFirst()))
      return
    }
    self.init(backbone: below, features: below, classifier: layers)
  }

  fileprivate init(
    backbone: LayerGraph, features: LayerGraph, pooling: Layer? = nil, classifier: [Layer] = []
  ) {
    (self.backbone, self.features) = (backbone, features)
    (self.pooling, self.classifier) = (pooling, classifier)
  }
}

extension LayerGraph {
  /// The graph's last layers of which each is all that reads the one before it, as indices in order.
  fileprivate var closingChain: [Int] {
    var readers: [String: Int] = [:]
    for layer in layers { for input in layer.inputs { readers[input, default: 0] += 1 } }
    let places = Dictionary(layers.enumerated().map { ($1.name, $0) }) { first, _ in first }
    var chain: [Int] = []
    var index = layers.indices.last
    while let current = index {
      let inputs = layers[current].inputs
      guard inputs.count == 1 else { break }
      chain.append(current)
      guard readers[inputs[0]] == 1 else { break }
      index = places[inputs[0]]
    }
    return chain.reversed()
  }

  /// The graph up to what its last activation reads, and that activation.
  fileprivate func separatingActivation(features: LayerGraph) -> NetworkParts {
    var layers = layers
    for index in layers.indices.reversed() {
      let layer = layers[index]
      if layer.operation is Reshape || layer.operation is Flatten || layer.operation.isIdentityAtInference {
        continue
      }
      var activation = Activation.linear
      if let operation = layer.operation as? any ActivationOperation {
        activation = operation.activation
        layers[index].operation = ActivationLayer(.linear)
      } else if var operation = layer.operation as? any BiasedOperation {
        activation = operation.activation
        operation.activation = .linear
        layers[index].operation = operation
      }
      let last = Layer(
        name: "probabilities", operation: ActivationLayer(activation), inputs: [layers[layers.count - 1].name]
      )
      return NetworkParts(backbone: LayerGraph(layers: layers), features: features, classifier: [last])
    }
    return NetworkParts(backbone: self, features: self)
  }

  /// The graph without the mean over all pixels that it may end in, which is what becomes of features anyway.
  fileprivate var withoutAveraging: LayerGraph { trimmed { $0 is GlobalAveragePooling2D } }

  private func trimmed(_ ends: (any LayerOperation) -> Bool) -> LayerGraph {
    var layers = layers
    while layers.count > 1, let last = layers.last, last.inputs == [layers[layers.count - 2].name],
      ends(last.operation) || last.operation.isIdentityAtInference
    {
      layers.removeLast()
    }
    return LayerGraph(layers: layers)
  }
}

extension Layer {
  /// Whether a classifier may have such layers.
  fileprivate var isOfClassifiers: Bool { NetworkParts.operations.contains { $0 == type(of: operation) } }

  /// The layer of a classifier in the words that those have; nil where it does nothing to a row of numbers.
  fileprivate func simplified(isRow: Bool) -> Layer? {
    if isRow, operation is Flatten { return nil }
    if operation.isIdentityAtInference, !(operation is Dropout) { return nil }
    guard let activation = (operation as? any ActivationOperation)?.activation else { return self }
    return Layer(name: name, operation: ActivationLayer(activation), inputs: inputs)
  }
}

extension LayerOperation {
  /// Whether features end ahead of it: it leaves one row of numbers of an image.
  fileprivate var endsFeatures: Bool { self is any GlobalPoolingOperation || self is Flatten }

  /// Whether it does what only classifiers do behind the features: weights them, or makes parts of one of them.
  fileprivate var classifies: Bool {
    self is any BiasedOperation || (self as? any ActivationOperation)?.activation == .softmax
      || (self as? any ActivationOperation)?.activation == .sigmoid
  }
}
