import Catalog

extension Conv2D: Lowered {
  func lower(_ layer: Layer, into network: inout Lowering) -> Int {
    let convolution = Convolution(
      layer: layer.name, window: network.window(layer, window), filters: filters, groups: groups)
    return network.append(.convolution(convolution), self, for: layer, reading: network.input(of: layer))
  }
}
