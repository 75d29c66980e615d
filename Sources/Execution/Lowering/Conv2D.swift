import Catalog

extension Conv2D: Lowered {
  func lower(_ layer: Layer, into network: inout Lowering) -> Int {
    let convolution = Convolution(
      layer: layer.name, window: network.window(layer, window), filters: filters,
      groups: groups)
    let sums = network.append(
      .convolution(convolution), for: layer, reading: [network.input(of: layer)],
      tail: Tail(affine: useBias ? network.bias(of: layer) : nil))
    return network.append(activation, of: sums)
  }
}
