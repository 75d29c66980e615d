import Catalog
import Tensors

extension Dense: Lowered {
  /// A pointwise convolution: what was said of pixels holds for whatever stands before the last axis.
  func lower(_ layer: Layer, into network: inout Lowering) -> Int {
    let source = network.input(of: layer)
    let convolution = Convolution(
      layer: layer.name, window: Window(pointwise: network.graph[source].size), filters: units)
    let sums = network.append(
      .convolution(convolution), for: layer, reading: [source],
      tail: Tail(affine: useBias ? network.bias(of: layer) : nil))
    return network.append(activation, of: sums)
  }
}
