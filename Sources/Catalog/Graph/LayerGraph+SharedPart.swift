extension LayerGraph {
  /// Leaves of a graph with several outputs what all of them read: see ``sharedPart(of:)``.
  ///
  /// - Returns: the layers with weights that were left out, by name.
  /// - Throws: `CatalogError` where they have nothing in common that was learnt.
  mutating func keepSharedPart(of outputs: [String]) throws(CatalogError) -> [String] {
    let (shared, others) = try sharedPart(of: outputs)
    guard shared.hasSums else { throw .severalOutputs(outputs) }
    self = shared
    return others.filter(\.operation.hasWeights).map(\.name)
  }

  /// Leaves of a graph with several outputs what the layer called `name` reads, and that layer.
  ///
  /// - Returns: the layers with weights that were left out, by name.
  /// - Throws: `CatalogError` where there is no layer of that name.
  mutating func keepPart(endingAt name: String) throws(CatalogError) -> [String] {
    let whole = self
    self = try truncated(at: name)
    let kept = Set(layers.map(\.name))
    return whole.layers.filter { !kept.contains($0.name) && $0.operation.hasWeights }.map(\.name)
  }

  /// The graph that ends in the last layer that everything of the image passes through on its way to the layers called `names`, and
  /// what stands between it and them.
  ///
  /// - Throws: `CatalogError` where there is no layer of a name.
  func sharedPart(of names: [String]) throws(CatalogError) -> (graph: LayerGraph, others: [Layer]) {
    let whole = try truncated(at: names)
    let places = Dictionary(whole.layers.enumerated().map { ($1.name, $0) }) { first, _ in first }
    var readers = Array(whole.layers.indices)
    for (index, layer) in whole.layers.enumerated() {
      for input in layer.inputs { places[input].map { readers[$0] = max(readers[$0], index) } }
    }
    let first = names.compactMap { places[$0] }.min() ?? 0
    var (end, furthest) = (0, 0)
    for index in 0...first {
      // Nothing ahead of the layer is read behind it.
      if furthest <= index { end = index }
      furthest = max(furthest, readers[index])
    }
    return (LayerGraph(layers: Array(whole.layers[...end])), Array(whole.layers[(end + 1)...]))
  }
}
