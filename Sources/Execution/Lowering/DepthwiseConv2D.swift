import Catalog

extension DepthwiseConv2D: Lowered {
  func lower(_ layer: Layer, into network: inout Lowering) -> Int {
    let depthwise = Depthwise(
      layer: layer.name, window: network.window(layer, window), multiplier: depthMultiplier)
    return network.append(.depthwise(depthwise), self, for: layer, reading: network.input(of: layer))
  }
}
