import Catalog

extension Cropping2D: Lowered {
  func lower(_ layer: Layer, into network: inout Lowering) -> Int {
    let source = network.input(of: layer)
    let size = network.graph[source].size
    let selection = Selection(
      rows: (cropping.top..<size.height - cropping.bottom).map { $0 },
      columns: (cropping.left..<size.width - cropping.right).map { $0 },
      channels: (0..<size.channels).map { $0 })
    return network.append(.select(selection), for: layer, reading: [source])
  }
}
