package import Tensors

/// A window that slides over rows and columns, as convolutions and poolings have it.
package struct SlidingWindow: Hashable, Sendable {
  /// Its own rows and columns.
  package var size: Extent
  /// How far it moves.
  package var strides: Extent
  package var padding = Padding.valid
  /// Pixels from one of its positions to the next; 1 for a window without gaps.
  package var dilation = Extent(1, 1)

  package init(size: Extent = Extent(1, 1), strides: Extent = Extent(1, 1)) {
    self.size = size
    self.strides = strides
  }

  /// The rows and columns from its first position to its last, gaps included.
  package var span: Extent {
    Extent((size.height - 1) * dilation.height + 1, (size.width - 1) * dilation.width + 1)
  }

  /// The shape of what comes of it: one position a place where it stands.
  func output(of input: ActivationShape, channels: Int?) throws(ShapeProblem) -> ActivationShape {
    let (height, width) = try input.spatial()
    let rows = height.map { padding.outputExtent(of: $0, window: span.height, stride: strides.height) }
    let columns = width.map { padding.outputExtent(of: $0, window: span.width, stride: strides.width) }
    if let smallest = [rows, columns].compactMap(\.self).min(), smallest < 1 {
      throw ShapeProblem(
        problem:
          "its window of \(span.words) does not fit into \(input.kerasDescription); give a larger image")
    }
    return ActivationShape([rows, columns, channels])
  }
}

extension SlidingWindow {
  /// The window over an activation, TensorFlow's padding included, where `output` comes of it.
  package func window(over input: ImageSize, to output: ImageSize) -> Window {
    let same = padding == .same
    return Window(
      input: input, outputHeight: output.height, outputWidth: output.width, height: size.height,
      width: size.width, rowStride: strides.height, columnStride: strides.width,
      rowDilation: dilation.height, columnDilation: dilation.width,
      top: same ? Self.before(input.height, output.height, span.height, strides.height) : 0,
      left: same ? Self.before(input.width, output.width, span.width, strides.width) : 0)
  }

  /// The same of shapes of one sample.
  package func window(over input: TensorShape, to output: TensorShape) -> Window {
    window(over: ImageSize(input), to: ImageSize(output))
  }

  /// What `same` padding puts before the first row or column: the smaller half.
  private static func before(_ input: Int, _ output: Int, _ extent: Int, _ stride: Int) -> Int {
    max(0, (output - 1) * stride + extent - input) / 2
  }
}

/// An operation with a window.
package protocol WindowOperation: LayerOperation {
  var window: SlidingWindow { get set }
}

extension WindowOperation {
  package var strides: Extent {
    get { window.strides }
    set { window.strides = newValue }
  }

  package var padding: Padding {
    get { window.padding }
    set { window.padding = newValue }
  }

  package func view(of inputs: ReceptiveView) -> ReceptiveView? {
    inputs.sliding(window.span, window.strides)
  }
}

extension LayerSetting where Operation: WindowOperation {
  /// The settings of the window, whose size has names of its own. Strides that Keras does not give are the size.
  static func window(size key: String, keras kerasKey: String) -> [LayerSetting] {
    [
      LayerSetting(key, keras: kerasKey, .extent, \.window.size),
      LayerSetting("strides", keras: "strides", .extent, \.window.strides, substitute: \.window.size),
      LayerSetting("padding", keras: "padding", .spelling, \.window.padding),
    ]
  }
}

/// An operation that reduces each window to a number, a channel at a time.
package protocol PoolingOperation: WindowOperation {}

extension PoolingOperation {
  package static var settings: [LayerSetting<Self>] { LayerSetting.window(size: "size", keras: "pool_size") }

  package var size: Extent {
    get { window.size }
    set { window.size = newValue }
  }

  package func outputShape(of inputs: [ActivationShape]) throws(ShapeProblem) -> ActivationShape {
    try window.output(of: inputs[0], channels: inputs[0].channels)
  }
}

/// An operation that reduces all rows and columns to one number, a channel at a time.
package protocol GlobalPoolingOperation: LayerOperation {
  /// Whether one row and one column are left: `[1, 1, C]` in place of `[C]`.
  var keepsDimensions: Bool { get set }
}

extension GlobalPoolingOperation {
  package static var settings: [LayerSetting<Self>] {
    [LayerSetting("keepDimensions", keras: "keepdims", .flag, \.keepsDimensions, isOptional: true)]
  }

  package func outputShape(of inputs: [ActivationShape]) throws(ShapeProblem) -> ActivationShape {
    _ = try inputs[0].spatial()
    return ActivationShape((keepsDimensions ? [1, 1] : []) + [inputs[0].channels])
  }

  package func view(of inputs: ReceptiveView) -> ReceptiveView? { nil }
}
