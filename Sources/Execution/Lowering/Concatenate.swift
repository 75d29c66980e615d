import Catalog

extension Concatenate: Lowered {
  func lower(_ layer: Layer, into network: inout Lowering) -> Int {
    network.append(.concatenate, for: layer, reading: network.inputs(of: layer))
  }
}
