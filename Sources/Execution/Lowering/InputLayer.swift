import Catalog

extension InputLayer: Lowered {
  func lower(_ layer: Layer, into network: inout Lowering) -> Int {
    network.append(.input, for: layer, reading: [])
  }
}
