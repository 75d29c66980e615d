import Catalog

extension SeparableConv2D: Lowered {
  func lower(_ layer: Layer, into network: inout Lowering) -> Int {
    let separable = Separable(
      layer: layer.name, window: network.window(layer, window), filters: filters, multiplier: depthMultiplier)
    return network.append(.separable(separable), self, for: layer, reading: network.input(of: layer))
  }
}
