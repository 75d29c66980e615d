import Catalog

extension SeparableConv2D: Lowered {
  func lower(_ layer: Layer, into network: inout Lowering) -> Int {
    let separable = Separable(
      layer: layer.name, window: network.window(layer, window), filters: filters,
      multiplier: depthMultiplier)
    let sums = network.append(
      .separable(separable), for: layer, reading: [network.input(of: layer)],
      tail: Tail(affine: useBias ? network.bias(of: layer) : nil))
    return network.append(activation, of: sums)
  }
}
