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

  /// The layer of the backbone ahead of which features are pooled; nil where they are pooled behind its last.
  package let poolsAhead: String?

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
  /// Features end at the first of these that leaves one row of numbers of an image, if all behind it is what classifiers are made of,
  /// or ahead of the layer that gives one map a class.
  ///
  /// - Throws: `CatalogError` where the graph's shapes do not fit `size`.
  package init(_ graph: LayerGraph, size: Extent) throws(CatalogError) {
    let chain = try ClosingChain(graph, size: size)
    let collapses = chain.collapses
    let start = collapses.first ?? 0
    guard chain.output?.rank == 1, !chain.indices.isEmpty,
      chain.indices[start...].contains(where: { chain.layer($0).operation.classifies })
    else {
      let bare = graph.withoutAveraging
      self.init(backbone: bare, features: bare)
      return
    }
    if let parts = collapses.lazy.compactMap({ Self.parts(chain, at: $0) }).first {
      self = parts
    } else if collapses.isEmpty {
      self = Self.parts(rowsOf: chain) ?? graph.separatingActivation(features: graph)
    } else {
      let end = chain.classMap(ahead: start) ?? start
      self = graph.separatingActivation(features: chain.graph(below: end))
    }
  }

  /// Of features that end ahead of layer `start`; nil where a classifier cannot have what is behind it.
  private static func parts(_ chain: ClosingChain, at start: Int) -> NetworkParts? {
    guard let first = chain.words(start), let rest = chain.words(from: start + 1) else {
      return pooledAhead(chain, at: start)
    }
    let below = chain.graph(below: start)
    let pooling = first.first { $0.operation is any GlobalPoolingOperation }
    if !(first + rest).contains(where: \.operation.isWeighted), let map = chain.classMap(ahead: start) {
      let features = chain.graph(below: map)
      let layers = chain.words(from: map)?.withoutIdleRows(isRow: false)
      return NetworkParts(
        backbone: layers == nil ? below : features, features: features,
        pooling: layers == nil ? pooling : nil,
        classifier: layers ?? (pooling == nil ? first : []) + rest.withoutIdleRows(isRow: true))
    }
    let row = rest.withoutIdleRows(isRow: true)
    if let pooling {
      return NetworkParts(backbone: below, features: below, pooling: pooling, classifier: row)
    }
    let rank = chain.input(of: start).rank
    if rank == 1 || rank == 3 {
      return NetworkParts(
        backbone: below, features: below, classifier: first.withoutIdleRows(isRow: rank == 1) + row)
    }
    // A classifier reads pixels or one row of numbers: sequences become that inside the network.
    let flattened = LayerGraph(layers: below.layers + [chain.layer(start)])
    return NetworkParts(backbone: flattened, features: below, classifier: row)
  }

  /// Of features that are pooled and then normalised: the normalisation is part of the network, ahead of which it is pooled.
  private static func pooledAhead(_ chain: ClosingChain, at start: Int) -> NetworkParts? {
    let front = chain.normalisations(behind: start)
    guard let first = front.first, chain.layer(start).operation is any GlobalPoolingOperation,
      let pooling = chain.words(start)?.first,
      let rest = chain.words(from: start + 1 + front.count)?.withoutIdleRows(isRow: true)
    else { return nil }
    var layers = chain.graph(below: start).layers + front
    layers[layers.count - front.count].inputs = [chain.source(of: start)]
    let network = LayerGraph(layers: layers)
    return NetworkParts(
      backbone: network, features: network, pooling: pooling, classifier: rest, poolsAhead: first.name)
  }

  /// Several rows that were pooled each for itself and joined are features, too.
  private static func parts(rowsOf chain: ClosingChain) -> NetworkParts? {
    guard chain.input(of: 0).rank == 1, let layers = chain.words(from: 0)?.withoutIdleRows(isRow: true)
    else { return nil }
    let below = chain.graph(below: 0)
    guard below.layers.last?.name == chain.source(of: 0) else { return nil }
    return NetworkParts(backbone: below, features: below, classifier: layers)
  }

  fileprivate init(
    backbone: LayerGraph, features: LayerGraph, pooling: Layer? = nil, classifier: [Layer] = [],
    poolsAhead: String? = nil
  ) {
    (self.backbone, self.features) = (backbone, features)
    (self.pooling, self.classifier, self.poolsAhead) = (pooling, classifier, poolsAhead)
  }
}

extension LayerGraph {
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

extension ClosingChain {
  /// What stands behind layer `number` up to the last normalisation that classifiers have no words for, if all of that works on every
  /// pixel by itself; empty where there is none.
  fileprivate func normalisations(behind number: Int) -> [Layer] {
    let run = indices[(number + 1)...].prefix {
      layer($0).operation is any NormalizationOperation || layer($0).operation is any ActivationOperation
    }
    guard let last = run.last(where: { words($0) == nil }) else { return [] }
    return run.prefix { $0 <= last }.map { layer($0) }
  }
}

extension LayerOperation {
  /// Whether it does what only classifiers do behind the features: weights them, or makes parts of one of them.
  fileprivate var classifies: Bool {
    isWeighted || (self as? any ActivationOperation)?.activation == .softmax
      || (self as? any ActivationOperation)?.activation == .sigmoid
  }

  fileprivate var isWeighted: Bool { self is any BiasedOperation }
}
