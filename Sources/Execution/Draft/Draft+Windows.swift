import Catalog
import Kernels

/// Padding and pooling.
extension Draft {
  /// The window of `layer` over what it reads, TensorFlow's padding and zeros still to be added included.
  func window(
    _ layer: Layer, reading source: Value, _ extent: Extent, _ strides: Extent, _ padding: Padding
  ) -> Window {
    let input = nodes[source.node].size
    let output = size(of: layer.name)
    let same = padding == .same
    return Window(
      input: input, outputHeight: output.height, outputWidth: output.width, height: extent.height,
      width: extent.width, rowStride: strides.height, columnStride: strides.width,
      top: source.zeros.top + (same ? before(input.height, output.height, extent.height, strides.height) : 0),
      left: source.zeros.left + (same ? before(input.width, output.width, extent.width, strides.width) : 0))
  }

  /// What `same` padding puts before the first row or column: the smaller half.
  private func before(_ input: Int, _ output: Int, _ extent: Int, _ stride: Int) -> Int {
    max(0, (output - 1) * stride + extent - input) / 2
  }

  /// Leaves zeros to the windows of the readers, if all have one and no padding of their own.
  mutating func zeroPadding(_ layer: Layer, _ insets: EdgeInsets) -> Value {
    var source = input(of: layer)
    guard allReaders(of: layer, satisfy: { $0.reachesOverZeros }) else {
      return append(.pad(insets), for: [layer.name], reading: [source.node], size: size(of: layer.name))
    }
    source.zeros = insets
    return source
  }

  mutating func maxPooling(_ layer: Layer, _ kind: MaxPooling2D) -> Value {
    let source = input(of: layer)
    let window = window(layer, reading: source, kind.size, kind.strides, kind.padding)
    return append(
      .maximum(window, paddedWithZeros: source.hasZeros), for: [layer.name], reading: [source.node],
      size: size(of: layer.name))
  }

  mutating func averagePooling(_ layer: Layer, _ kind: AveragePooling2D) -> Value {
    let source = input(of: layer)
    let window = window(layer, reading: source, kind.size, kind.strides, kind.padding)
    return append(.average(window), for: [layer.name], reading: [source.node], size: size(of: layer.name))
  }

  /// One pixel from all pixels of an image.
  mutating func globalPooling(of source: Value, _ name: String, maximum: Bool) -> Value {
    let input = nodes[source.node].size
    let window = Window(
      input: input, outputHeight: 1, outputWidth: 1, height: input.height, width: input.width, rowStride: 1,
      columnStride: 1, top: 0, left: 0)
    return append(
      maximum ? .maximum(window, paddedWithZeros: false) : .average(window), for: [name],
      reading: [source.node], size: window.output(channels: input.channels))
  }
}

extension LayerOperation {
  /// Whether zeros around the input can be left to this layer's window, where they act as in a padded copy.
  fileprivate var reachesOverZeros: Bool {
    switch self {
    case let kind as Conv2D: kind.padding == .valid
    case let kind as SeparableConv2D: kind.padding == .valid
    case let kind as MaxPooling2D: kind.padding == .valid
    default: false
    }
  }
}
