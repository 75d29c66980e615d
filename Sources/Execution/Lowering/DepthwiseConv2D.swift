import Catalog

extension DepthwiseConv2D: Lowered {
  func lower(_ layer: Layer, into network: inout Lowering) -> Int {
    let depthwise = Depthwise(
      layer: layer.name, window: network.window(layer, window), multiplier: depthMultiplier)
    let sums = network.append(
      .depthwise(depthwise), for: layer, reading: [network.input(of: layer)],
      tail: Tail(affine: useBias ? network.bias(of: layer) : nil))
    return network.append(activation, of: sums)
  }
}
