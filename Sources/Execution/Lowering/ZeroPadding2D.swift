import Catalog

extension ZeroPadding2D: Lowered {
  func lower(_ layer: Layer, into network: inout Lowering) -> Int {
    let input = network.input(of: layer)
    let size = network.graph[input].size
    let zeros = padding(height: size.height, width: size.width)
    return network.append(.pad(zeros), for: layer, reading: [input])
  }
}
