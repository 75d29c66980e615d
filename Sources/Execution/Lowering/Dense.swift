import Catalog
import Tensors

extension Dense: Lowered {
  /// A pointwise convolution: what was said of pixels holds for whatever stands before the last axis.
  func lower(_ layer: Layer, into network: inout Lowering) -> Int {
    let source = network.input(of: layer)
    let convolution = Convolution(
      layer: layer.name, window: Window(pointwise: network.graph[source].size), filters: units)
    return network.append(.convolution(convolution), self, for: layer, reading: source)
  }
}
