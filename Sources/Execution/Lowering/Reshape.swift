import Catalog

extension Reshape: Lowered {
  func lower(_ layer: Layer, into network: inout Lowering) -> Int {
    network.append(.reshape, for: layer, reading: [network.input(of: layer)])
  }
}
