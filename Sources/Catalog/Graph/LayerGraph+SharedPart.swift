extension LayerGraph {
  /// Leaves of a graph with several outputs what all of them read: it ends in the last layer that everything of the image passes
  /// through on its way to them.
  ///
  /// - Returns: the layers with weights that were left out, by name.
  /// - Throws: `CatalogError` where they have nothing in common but the image.
  mutating func keepSharedPart(of outputs: [String]) throws(CatalogError) -> [String] {
    let whole = try truncated(at: outputs)
    let places = Dictionary(whole.layers.enumerated().map { ($1.name, $0) }) { first, _ in first }
    var readers = Array(whole.layers.indices)
    for (index, layer) in whole.layers.enumerated() {
      for input in layer.inputs { places[input].map { readers[$0] = max(readers[$0], index) } }
    }
    let firstOutput = outputs.compactMap { places[$0] }.min() ?? 0
    var (end, furthest) = (0, 0)
    for index in 0...firstOutput {
      // Nothing ahead of the layer is read behind it.
      if furthest <= index { end = index }
      furthest = max(furthest, readers[index])
    }
    guard end > 0 else { throw .severalOutputs(outputs) }
    self = LayerGraph(layers: Array(whole.layers[...end]))
    return whole.layers[(end + 1)...].filter(\.operation.hasWeights).map(\.name)
  }
}
