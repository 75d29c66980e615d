import Catalog

extension LeakyReLU: Lowered {
  func lower(_ layer: Layer, into network: inout Lowering) -> Int { network.append(activation, for: layer) }
}
