extension Claims {
  /// What is true of a graph.
  init(
    computedFrom graph: LayerGraph, defaultSize: Extent, minimumSize: Extent
  ) throws(CatalogError) {
    self.init()
    let counts = ParameterCounts(
      try graph.parameters(height: defaultSize.height, width: defaultSize.width))
    layers = graph.layers.count
    parameters = counts.total
    trainable = counts.trainable
    nonTrainable = counts.nonTrainable
    output = try graph.output(at: defaultSize)
    outputAtMinimum = try? graph.output(at: minimumSize)
    smallestSize = graph.smallestSize(upTo: defaultSize)
  }
}

extension LayerGraph {
  fileprivate func output(at size: Extent) throws(CatalogError) -> [Int]? {
    try activationShapes(height: size.height, width: size.width).last?.dimensions
  }

  /// The smallest image every window fits into; each axis is looked at for itself.
  ///
  /// - Complexity: O(layers * extent).
  func smallestSize(upTo size: Extent) -> Extent? {
    let height = (1...size.height).first { (try? symbolicShapes(height: $0, width: nil)) != nil }
    let width = (1...size.width).first { (try? symbolicShapes(height: nil, width: $0)) != nil }
    guard let height, let width else { return nil }
    return Extent(height, width)
  }
}
