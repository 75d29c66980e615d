import Catalog

extension LayerNormalization: Lowered {
  func lower(_ layer: Layer, into network: inout Lowering) -> Int {
    let unit = Standardization(groups: 1, span: .pixel, epsilon: epsilon)
    return network.append(unit, for: layer, scale: scale, center: center)
  }
}

extension Lowering {
  /// Appends a standardisation, and the `gamma` and `beta` that follow it if there are any.
  mutating func append(
    _ standardization: Standardization, for layer: Layer, scale: Bool, center: Bool
  ) -> Int {
    let unit = append(.standardize(standardization), for: layer, reading: [input(of: layer)])
    guard scale || center else { return unit }
    let size = graph[unit].size
    func numbers(_ role: String, _ isThere: Bool, _ standard: Double) -> [Double] {
      isThere
        ? parameters.floats(layer.name, role).map(Double.init) : [standard].repeated(size.channels)
    }
    let affine = ChannelAffine(scale: numbers("gamma", scale, 1), shift: numbers("beta", center, 0))
    return append(
      Node(layers: [], work: .elementwise, inputs: [unit], tail: Tail(affine: affine), size: size))
  }
}
