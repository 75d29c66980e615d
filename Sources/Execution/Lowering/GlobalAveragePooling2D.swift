import Catalog

extension GlobalAveragePooling2D: Lowered {
  func lower(_ layer: Layer, into network: inout Lowering) -> Int {
    let source = network.input(of: layer)
    return network.append(
      .pooling(network.graph[source].size.wholeWindow, .average), for: layer, reading: [source])
  }
}
