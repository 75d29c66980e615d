import Catalog

extension MaxPooling2D: Lowered {
  func lower(_ layer: Layer, into network: inout Lowering) -> Int {
    network.append(
      .pooling(network.window(layer, size, strides, padding), .maximum(paddedWithZeros: false)), for: layer,
      reading: [network.input(of: layer)])
  }
}
