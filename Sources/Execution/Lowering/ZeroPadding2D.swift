import Catalog

extension ZeroPadding2D: Lowered {
  func lower(_ layer: Layer, into network: inout Lowering) -> Int {
    network.append(.pad(padding), for: layer, reading: [network.input(of: layer)])
  }
}
