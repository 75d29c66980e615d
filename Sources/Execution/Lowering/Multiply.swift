import Catalog

extension Multiply: Lowered {
  func lower(_ layer: Layer, into network: inout Lowering) -> Int { network.combine(.multiply, for: layer) }
}
