import Catalog

extension Resizing: Lowered {
  func lower(_ layer: Layer, into network: inout Lowering) -> Int {
    let source = network.input(of: layer)
    let image = network.graph[source].size
    switch interpolation {
    case .bilinear: return network.append(.resize, for: layer, reading: [source])
    case .nearest:
      let selection = Selection(
        rows: Self.nearest(height, of: image.height), columns: Self.nearest(width, of: image.width),
        channels: (0..<image.channels).map { $0 })
      return network.append(.select(selection), for: layer, reading: [source])
    }
  }

  /// For each position, the one below whose square its centre lies, in TensorFlow's single precision.
  private static func nearest(_ count: Int, of extent: Int) -> [Int] {
    let scale = Float(extent) / Float(count)
    return (0..<count).map { min(extent - 1, Int((Float($0) + 0.5) * scale)) }
  }
}
