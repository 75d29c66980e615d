import Catalog

extension CenterCrop: Lowered {
  func lower(_ layer: Layer, into network: inout Lowering) -> Int {
    let source = network.input(of: layer)
    let size = network.graph[source].size
    func middle(_ count: Int, of extent: Int) -> [Int] { (0..<count).map { $0 + (extent - count) / 2 } }
    let selection = Selection(
      rows: middle(height, of: size.height), columns: middle(width, of: size.width),
      channels: (0..<size.channels).map { $0 })
    return network.append(.select(selection), for: layer, reading: [source])
  }
}
