import Catalog

extension MaxPooling2D: Lowered {
  func lower(_ layer: Layer, into network: inout Lowering) -> Int {
    network.append(
      .pooling(network.window(layer, window), .maximum(paddedWithZeros: false)), for: layer,
      reading: [network.input(of: layer)])
  }
}
