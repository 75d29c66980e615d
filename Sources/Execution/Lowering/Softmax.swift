import Catalog

extension Softmax: Lowered {
  func lower(_ layer: Layer, into network: inout Lowering) -> Int { network.append(activation, for: layer) }
}
