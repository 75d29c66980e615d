/// A network whose features are not pooled behind its last layer but ahead of it, as where what was pooled is
/// normalised.
package struct PoolingSplit: Sendable {
  /// The layer whose output is pooled.
  package let output: String
  /// The layers that read what was pooled, one after the other.
  package let rest: [Layer]

  /// Nil unless the layer called `name` and all behind it work on every pixel by itself, each on what the one before it gives.
  init?(_ graph: LayerGraph, ahead name: String) {
    guard let start = graph.layers.firstIndex(where: { $0.name == name }), start > 0,
      let output = graph.layers[start].inputs.first
    else { return nil }
    var last = output
    for layer in graph.layers[start...] {
      guard layer.inputs == [last], layer.operation.worksOnRows else { return nil }
      last = layer.name
    }
    self.output = output
    rest = Array(graph.layers[start...])
  }

  /// What a graph pools in a layer of its own, which `output` gives, and the layers from there to the one called `name`; nil unless they
  /// pool once, work on every pixel by itself, and read each what the one before it gives.
  init?(_ graph: LayerGraph, behind output: String, endingAt name: String) {
    var run: [Layer] = []
    var next = name
    while next != output {
      guard let layer = graph[next], layer.inputs.count == 1, run.count < graph.layers.count else {
        return nil
      }
      run.insert(layer, at: 0)
      next = layer.inputs[0]
    }
    guard run.count(where: { $0.operation is any GlobalPoolingOperation }) == 1 else { return nil }
    var (rest, last): ([Layer], String) = ([], output)
    for layer in run where !layer.operation.leavesPooled {
      guard layer.operation.worksOnRows else { return nil }
      rest.append(layer.reading([last]))
      last = layer.name
    }
    guard last == name else { return nil }
    self.init(output: output, rest: rest)
  }

  /// The same up to one of the layers behind the pooling; nil where it is none of them.
  func ending(at name: String) -> PoolingSplit? {
    guard let end = rest.firstIndex(where: { $0.name == name }) else { return nil }
    return PoolingSplit(output: output, rest: Array(rest[...end]))
  }

  private init(output: String, rest: [Layer]) { (self.output, self.rest) = (output, rest) }

  /// The layers behind the pooling as a graph of their own, which reads a row of `channels` numbers and gives one.
  package func graph(channels: Int) -> LayerGraph {
    let row = Layer(name: output, operation: InputLayer(channels: channels), inputs: [])
    let last = Layer(name: "pooled_features", operation: Flatten(), inputs: rest.suffix(1).map(\.name))
    return LayerGraph(layers: [row] + rest + [last])
  }
}

extension LayerOperation {
  /// Whether a network may work with it on what it has pooled.
  fileprivate var worksOnRows: Bool {
    self is any NormalizationOperation || self is any ActivationOperation || self is UnitNormalization
  }

  /// Whether it pools, or leaves what was pooled as it is.
  fileprivate var leavesPooled: Bool {
    self is any GlobalPoolingOperation || self is Flatten || self is Reshape || isIdentityAtInference
  }
}

extension CatalogEntry {
  /// The text of the same entry with features that are pooled behind the last layer, as a classifier in a file may have them;
  /// nil where they are anyway.
  package var jsonPoolingLast: String? {
    guard record.poolsAhead != nil else { return nil }
    var record = record
    record.poolsAhead = nil
    return EntryWriter(record: record).text
  }

  /// Where features are pooled; nil where that is behind the last layer.
  ///
  /// - Throws: `CatalogError` for an entry that names a layer ahead of which nothing can be pooled.
  package func poolingSplit(variant: String? = nil) throws(CatalogError) -> PoolingSplit? {
    guard let name = record.poolsAhead else { return nil }
    guard let split = PoolingSplit(try graph(variant: variant), ahead: name) else {
      throw .invalidEntry([
        problem(
          at: [.key("poolsAhead")],
          "poolsAhead is \(name); expected a layer behind which, like itself, there are only normalisations and activations, each "
            + "reading the one before it")
      ])
    }
    return split
  }
}

extension ArchivedNetwork {
  /// Where features are pooled; nil where that is behind the last layer.
  package func poolingSplit() throws(CatalogError) -> PoolingSplit? {
    try entry.poolingSplit(variant: variant)
  }

  /// The same for the output of one of the layers behind the pooling, as a whole model has them; nil for another layer, and for
  /// networks of the catalog, of which each layer is that of Keras's network without pooling.
  package func poolingSplit(endingAt layer: String) throws(CatalogError) -> PoolingSplit? {
    features.unpooled == nil ? nil : try poolingSplit()?.ending(at: layer)
  }

  /// The same also where the pooling is a layer of the network, as where several branches read what is normalised behind it.
  package func pooledSplit(endingAt layer: String) throws(CatalogError) -> PoolingSplit? {
    if let split = try poolingSplit(endingAt: layer) { return split }
    guard layer == features.layer, let pooled = features.unpooled else { return nil }
    return PoolingSplit(try graph(), behind: pooled, endingAt: layer)
  }
}
