import Catalog

extension LayerScale: Lowered {
  func lower(_ layer: Layer, into network: inout Lowering) -> Int {
    let gamma = network.parameters.floats(layer.name, "gamma").map(Double.init)
    return network.append(
      .elementwise, for: layer, reading: [network.input(of: layer)],
      tail: Tail(affine: ChannelAffine(scale: gamma, shift: gamma.map { _ in 0 })))
  }
}
