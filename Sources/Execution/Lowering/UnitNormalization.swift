import Catalog

extension UnitNormalization: Lowered {
  func lower(_ layer: Layer, into network: inout Lowering) -> Int {
    network.append(.channels(.unitNormalization), for: layer, reading: [network.input(of: layer)])
  }
}
