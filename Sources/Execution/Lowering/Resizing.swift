import Catalog

extension Resizing: Lowered {
  func lower(_ layer: Layer, into network: inout Lowering) -> Int {
    network.resize(for: layer, interpolation)
  }
}
