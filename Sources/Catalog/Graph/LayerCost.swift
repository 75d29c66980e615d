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
    var known: [String: (shape: TensorShape, view: View?)] = [:]
    var costs: [LayerCost] = []
    for (layer, shape) in zip(layers, shapes) {
      let inputs = layer.inputs.compactMap { known[$0] }
      let view = layer.kind.view(through: inputs.map(\.view))
      known[layer.name] = (shape, view)
      costs.append(
        LayerCost(
          multiplyAdds: layer.kind.multiplyAdds(input: inputs.first?.shape, output: shape),
          activationBytes: shape.elementCount * 4, receptiveField: view?.field, stride: view?.stride))
    }
    return costs
  }

  /// Receptive field and stride.
  fileprivate struct View {
    var field = Extent(1, 1)
    var stride = Extent(1, 1)

    func sliding(_ window: Extent, _ strides: Extent) -> View {
      View(
        field: Extent(
          field.height + (window.height - 1) * stride.height,
          field.width + (window.width - 1) * stride.width),
        stride: Extent(stride.height * strides.height, stride.width * strides.width))
    }

    func joined(_ other: View) -> View {
      View(
        field: Extent(max(field.height, other.field.height), max(field.width, other.field.width)),
        stride: stride)
    }
  }
}

extension LayerKind {
  fileprivate func view(through inputs: [LayerGraph.View?]) -> LayerGraph.View? {
    switch self {
    case .input: return LayerGraph.View()
    case .globalAveragePooling, .globalMaxPooling, .flatten, .dense: return nil
    default: break
    }
    let views = inputs.compactMap(\.self)
    guard views.count == inputs.count, let first = views.first else { return nil }
    let view = views.dropFirst().reduce(first) { $0.joined($1) }
    return switch self {
    case .convolution(let layer): view.sliding(layer.kernel, layer.strides)
    case .separableConvolution(let layer): view.sliding(layer.kernel, layer.strides)
    case .maxPooling(let layer), .averagePooling(let layer): view.sliding(layer.size, layer.strides)
    default: view
    }
  }

  fileprivate func multiplyAdds(input: TensorShape?, output: TensorShape) -> Int {
    guard let channels = input?.dimensions.last else { return 0 }
    switch self {
    case .convolution(let layer):
      return output.elementCount * layer.kernel.height * layer.kernel.width * channels
    case .separableConvolution(let layer):
      let positions = output[0] * output[1]
      return positions * channels * (layer.kernel.height * layer.kernel.width + layer.filters)
    case .dense: return output.elementCount * channels
    default: return 0
    }
  }
}
