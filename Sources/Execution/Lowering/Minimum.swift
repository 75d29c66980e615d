import Catalog

extension Minimum: Lowered {
  func lower(_ layer: Layer, into network: inout Lowering) -> Int { network.combine(.minimum, for: layer) }
}
