import Catalog
import Tensors

extension UpSampling2D: Lowered {
  func lower(_ layer: Layer, into network: inout Lowering) -> Int {
    network.resize(for: layer, interpolation)
  }
}

extension Lowering {
  /// Appends what makes of a layer's input an image of the layer's size.
  mutating func resize(for layer: Layer, _ interpolation: UpSampling2D.Interpolation) -> Int {
    let source = input(of: layer)
    let (image, result) = (graph[source].size, ImageSize(shape(of: layer.name)))
    switch interpolation {
    case .bilinear: return append(.resize, for: layer, reading: [source])
    case .nearest:
      let selection = Selection(
        rows: Self.nearest(result.height, of: image.height),
        columns: Self.nearest(result.width, of: image.width),
        channels: (0..<image.channels).map { $0 })
      return append(.select(selection), for: layer, reading: [source])
    }
  }

  /// For each position, the one in whose square its centre lies, in TensorFlow's single precision.
  private static func nearest(_ count: Int, of extent: Int) -> [Int] {
    let scale = Float(extent) / Float(count)
    return (0..<count).map { min(extent - 1, Int((Float($0) + 0.5) * scale)) }
  }
}
