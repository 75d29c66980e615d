import Tensors

/// What a layer costs for one image, and what it sees of it.
package struct LayerCost: Hashable, Sendable {
  /// Multiplications of a weight with an activation, each with its addition; batch normalisation counts none,
  /// for it is folded into its convolution.
  package var multiplyAdds: Int
  /// The output, in four-byte floats.
  package var activationBytes: Int
  /// The rows and columns of the image that one output position depends on, border effects aside; nil behind
  /// a layer that sees everything.
  package var receptiveField: Extent?
  /// The distance in the image between neighbouring output positions; nil without positions.
  package var stride: Extent?
}

extension LayerGraph {
  /// The costs of all layers, one a layer, for an image of one size.
  package func costs(height: Int, width: Int) throws(CatalogError) -> [LayerCost] {
    let shapes = try activationShapes(height: height, width: width)
    let known = Dictionary(zip(layers.map(\.name), shapes)) { first, _ in first }
    var views: [String: ReceptiveView] = [:]
    var costs: [LayerCost] = []
    for (layer, shape) in zip(layers, shapes) {
      let view = layer.view(of: views)
      views[layer.name] = view
      let inputs = layer.inputs.compactMap { known[$0] }
      let factors = layer.operation.multiplyAdds(of: inputs, output: shape)
      guard let multiplyAdds = Limits.product(factors, most: Limits.multiplyAdds) else {
        throw .invalidGraph(
          layer: layer.name, problem: "it multiplies more often than \(Limits.multiplyAdds) times")
      }
      costs.append(
        LayerCost(
          multiplyAdds: multiplyAdds, activationBytes: shape.elementCount * 4, receptiveField: view?.field,
          stride: view?.stride))
    }
    return costs
  }
}

extension Layer {
  /// What its positions see, given what those of other layers see; nil where they see everything.
  fileprivate func view(of known: [String: ReceptiveView]) -> ReceptiveView? {
    if isInput { return ReceptiveView() }
    let views = inputs.compactMap { known[$0] }
    guard views.count == inputs.count, let first = views.first else { return nil }
    return operation.view(of: views.dropFirst().reduce(first) { $0.joined($1) })
  }
}
