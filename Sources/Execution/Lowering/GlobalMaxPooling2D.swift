import Catalog

extension GlobalMaxPooling2D: Lowered {
  func lower(_ layer: Layer, into network: inout Lowering) -> Int {
    let source = network.input(of: layer)
    return network.append(
      .pooling(network.graph[source].size.wholeWindow, .maximum(paddedWithZeros: false)), for: layer,
      reading: [source])
  }
}
