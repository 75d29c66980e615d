import Catalog
import Tensors

extension Conv2DTranspose: Lowered {
  /// A convolution by the kernel turned by 180 degrees, over an image with zeros between its pixels.
  func lower(_ layer: Layer, into network: inout Lowering) -> Int {
    let source = network.input(of: layer)
    let (spread, output) = (network.spread(source, strides), ImageSize(network.shape(of: layer.name)))
    func before(_ size: Int, _ stride: Int) -> Int {
      size - 1 - (padding == .same ? max(size - stride, 0) / 2 : 0)
    }
    let window = Window(
      input: network.graph[spread].size, outputHeight: output.height, outputWidth: output.width,
      height: kernel.height, width: kernel.width, rowStride: 1, columnStride: 1,
      top: before(kernel.height, strides.height), left: before(kernel.width, strides.width))
    let convolution = Convolution(
      layer: layer.name, window: window, filters: filters, isTransposed: true)
    return network.append(.convolution(convolution), self, for: layer, reading: spread)
  }
}

extension Lowering {
  /// Appends an image with zeros between its pixels, so that they lie `strides` apart.
  fileprivate mutating func spread(_ source: Int, _ strides: Extent) -> Int {
    let size = graph[source].size
    if strides == Extent(1, 1) { return source }
    func positions(_ count: Int, _ stride: Int) -> [Int?] {
      (0...(count - 1) * stride).map { $0 % stride == 0 ? $0 / stride : nil }
    }
    let selection = Selection(
      rows: positions(size.height, strides.height), columns: positions(size.width, strides.width),
      channels: (0..<size.channels).map { $0 })
    let result = ImageSize(
      height: selection.rows.positions.count, width: selection.columns.positions.count,
      channels: size.channels)
    return append(Node(layers: [], work: .select(selection), inputs: [source], size: result))
  }
}
