package import Catalog
package import Tensors

/// The part of a backbone that is trained with a head: every layer that learns, and every layer that reads one of those, directly
/// or not. What lies before it is frozen, and gives the same features for an image ever again.
package struct BackboneTail: Sendable {
  /// What the tail reads of the frozen part.
  package struct Source: Hashable, Sendable {
    /// The layer whose output it is.
    package var layer: String
    /// Of one sample, `[H, W, C]` or `[C]`.
    package var shape: TensorShape
  }

  /// A layer of it.
  package struct Layer: Sendable {
    package var name: String
    var operation: any LayerOperation
    var inputs: [String]
    var inputShapes: [TensorShape]
    var outputShape: TensorShape
    package var parameters: [Parameter]
    /// Whether its parameters learn.
    package var learns: Bool
    var training = TrainingAttributes()
    /// What the network's file says of the layer's training and is not applied: `kernel_constraint MaxNorm`.
    package var unapplied: [String] { training.unapplied }
  }

  /// What it reads, in the order of the network.
  package let sources: [Source]
  /// Its layers, each after those that it reads.
  package let layers: [Layer]
  /// Whether convolutions do without minimal filtering, as they do where the network runs.
  let isExact: Bool

  /// What a parameter's name starts with beside those of a head.
  package static let prefix = "backbone/"

  /// The shape of one sample's output, which the head reads.
  package var outputShape: TensorShape { layers[layers.count - 1].outputShape }

  /// The shape of one sample's features: those of the one source, or of all of them in one row.
  package var inputShape: TensorShape {
    sources.count == 1 ? sources[0].shape : TensorShape([sources.reduce(0) { $0 + $1.shape.elementCount }])
  }

  /// Finds the tail of `graph`, which ends in the layer that the head reads.
  ///
  /// - Parameters:
  ///   - graph: the network up to the layer that the head reads.
  ///   - height: rows of images.
  ///   - width: columns of images.
  ///   - trained: the layers that learn; at least one of them has parameters that do.
  ///   - others: layers that belong to the tail whatever they read, such as a pooling that is none of the network's own.
  ///   - momentum: how much of a batch normalisation's moving average stays in a step; nil for what each layer says, or 0.99 where
  ///     it says nothing.
  ///   - dropsBranches: whether every dropout whose output is added to what went past it drops whole samples, as networks of the
  ///     catalog do whose archives do not say so.
  ///   - isExact: whether convolutions do without minimal filtering.
  /// - Throws: `CatalogError` for a graph that does not fit the size.
  package init(
    of graph: LayerGraph, height: Int, width: Int, training trained: Set<String>,
    with others: Set<String> = [], momentum: Double? = nil, dropsBranches: Bool = false,
    isExact: Bool = false
  ) throws(CatalogError) {
    let shapes = try graph.activationShapes(height: height, width: width)
    let named = Dictionary(
      zip(graph.layers.map(\.name), shapes), uniquingKeysWith: { first, _ in first })
    let parameters = Dictionary(
      grouping: try graph.parameters(height: height, width: width), by: \.layer)
    var members: Set<String> = []
    let first = trained.union(others)
    for layer in graph.layers where first.contains(layer.name) || !members.isDisjoint(with: layer.inputs) {
      members.insert(layer.name)
    }
    let own = graph.layers.filter { members.contains($0.name) }
    let read = Set(own.flatMap(\.inputs)).subtracting(members)
    sources = zip(graph.layers, shapes).filter { read.contains($0.0.name) }
      .map { Source(layer: $0.0.name, shape: $0.1) }
    self.isExact = isExact
    layers = own.map { layer in
      var attributes = TrainingAttributes(of: layer)
      if let momentum { attributes.momentum = momentum }
      return Layer(
        name: layer.name, operation: dropsBranches ? graph.droppingBranches(layer) : layer.operation,
        inputs: layer.inputs, inputShapes: layer.inputs.compactMap { named[$0] },
        outputShape: named[layer.name] ?? [], parameters: parameters[layer.name] ?? [],
        learns: trained.contains(layer.name), training: attributes)
    }
  }

  /// Whether a batch normalisation is trained, which moves its averages.
  package var movesAverages: Bool {
    layers.contains { $0.learns && $0.operation is Catalog.BatchNormalization }
  }

  /// How much of moving averages stays in a step, each number once, in the network's order.
  var momenta: [Double] {
    var momenta: [Double] = []
    for layer in layers where layer.operation is Catalog.BatchNormalization {
      if !momenta.contains(layer.training.momentum) { momenta.append(layer.training.momentum) }
    }
    return momenta
  }
}

extension LayerGraph {
  /// The operation that a layer of a network of the catalog is in training: a dropout whose only reader adds it to what went past
  /// its block drops whole blocks (Keras's `noise_shape=(None, 1, 1, 1)`).
  fileprivate func droppingBranches(_ layer: Layer) -> any LayerOperation {
    guard let dropout = layer.operation as? Catalog.Dropout else { return layer.operation }
    let readers = layers.filter { $0.inputs.contains(layer.name) }
    guard !readers.isEmpty, readers.allSatisfy({ $0.operation is Add }) else { return dropout }
    return StochasticDepth { $0.rate = dropout.rate }
  }
}
