import Catalog

extension Subtract: Lowered {
  func lower(_ layer: Layer, into network: inout Lowering) -> Int { network.combine(.subtract, for: layer) }
}
