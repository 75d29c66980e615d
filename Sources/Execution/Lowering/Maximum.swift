import Catalog

extension Maximum: Lowered {
  func lower(_ layer: Layer, into network: inout Lowering) -> Int { network.combine(.maximum, for: layer) }
}
