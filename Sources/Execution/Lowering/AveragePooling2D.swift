import Catalog

extension AveragePooling2D: Lowered {
  func lower(_ layer: Layer, into network: inout Lowering) -> Int {
    network.append(
      .pooling(network.window(layer, window), .average), for: layer,
      reading: [network.input(of: layer)])
  }
}
