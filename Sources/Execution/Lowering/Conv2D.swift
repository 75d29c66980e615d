import Catalog

extension Conv2D: Lowered {
  func lower(_ layer: Layer, into network: inout Lowering) -> Int {
    if groups > 1, groups == network.graph[network.input(of: layer)].size.channels {
      return network.append(depthwise(layer, network), self, for: layer, reading: network.input(of: layer))
    }
    let convolution = Convolution(
      layer: layer.name, window: network.window(layer, window), filters: filters, groups: groups)
    return network.append(.convolution(convolution), self, for: layer, reading: network.input(of: layer))
  }

  /// A group for each channel: the kernel `[kh, kw, 1, filters]` lies in memory as a depthwise one does.
  private func depthwise(_ layer: Layer, _ network: Lowering) -> Work {
    .depthwise(
      Depthwise(
        layer: layer.name, role: "kernel", window: network.window(layer, window), multiplier: filters / groups
      ))
  }
}
