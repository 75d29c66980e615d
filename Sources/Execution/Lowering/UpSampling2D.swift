import Catalog

extension UpSampling2D: Lowered {
  func lower(_ layer: Layer, into network: inout Lowering) -> Int {
    let source = network.input(of: layer)
    let image = network.graph[source].size
    switch interpolation {
    case .bilinear: return network.append(.resize, for: layer, reading: [source])
    case .nearest:
      let selection = Selection(
        rows: (0..<image.height * size.height).map { $0 / size.height },
        columns: (0..<image.width * size.width).map { $0 / size.width },
        channels: (0..<image.channels).map { $0 })
      return network.append(.select(selection), for: layer, reading: [source])
    }
  }
}
