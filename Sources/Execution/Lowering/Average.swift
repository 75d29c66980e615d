import Catalog

extension Average: Lowered {
  func lower(_ layer: Layer, into network: inout Lowering) -> Int { network.combine(.average, for: layer) }
}
