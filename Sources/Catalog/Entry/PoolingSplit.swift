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
      guard layer.inputs == [last],
        layer.operation is any NormalizationOperation || layer.operation is any ActivationOperation
      else { return nil }
      last = layer.name
    }
    self.output = output
    rest = Array(graph.layers[start...])
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
}
