import Catalog

extension ReLU: Lowered {
  func lower(_ layer: Layer, into network: inout Lowering) -> Int { network.append(activation, for: layer) }
}
