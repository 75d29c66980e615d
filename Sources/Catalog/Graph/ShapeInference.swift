/// Why a layer cannot take what it is given.
struct ShapeProblem: Error {
  var problem: String
}

extension LayerKind {
  /// The output's shape, by TensorFlow's arithmetic.
  func outputShape(
    of inputs: [ActivationShape], height: Int?, width: Int?
  ) throws(ShapeProblem) -> ActivationShape {
    if case .input(let channels) = self { return ActivationShape([height, width, channels]) }
    guard let first = inputs.first else { throw ShapeProblem(problem: "it reads nothing") }
    switch self {
    case .input: return first
    case .convolution(let layer):
      return try first.slid(layer.kernel, layer.strides, layer.padding, channels: layer.filters)
    case .separableConvolution(let layer):
      return try first.slid(layer.kernel, layer.strides, layer.padding, channels: layer.filters)
    case .maxPooling(let layer), .averagePooling(let layer):
      return try first.slid(layer.size, layer.strides, layer.padding, channels: first.channels)
    case .zeroPadding(let insets): return try first.padded(insets)
    case .batchNormalization, .activation, .dropout: return first
    case .add: return try Self.sum(of: inputs)
    case .concatenate: return try Self.concatenation(of: inputs)
    case .globalAveragePooling, .globalMaxPooling:
      _ = try first.spatial()
      return ActivationShape([first.channels])
    case .flatten: return try first.flattened()
    case .dense(let layer): return ActivationShape(first.dimensions.dropLast() + [layer.units])
    }
  }

  private static func sum(of inputs: [ActivationShape]) throws(ShapeProblem) -> ActivationShape {
    for input in inputs where input != inputs[0] {
      throw ShapeProblem(
        problem: "it adds \(inputs[0].kerasDescription) and \(input.kerasDescription); expected equal shapes")
    }
    return inputs[0]
  }

  private static func concatenation(of inputs: [ActivationShape]) throws(ShapeProblem) -> ActivationShape {
    var channels: Int? = 0
    for input in inputs {
      guard input.dimensions.dropLast() == inputs[0].dimensions.dropLast() else {
        throw ShapeProblem(
          problem: "it joins \(inputs[0].kerasDescription) and \(input.kerasDescription) along the channels; "
            + "expected all other extents equal")
      }
      channels = channels.flatMap { sum in input.channels.map { sum + $0 } }
    }
    return ActivationShape(inputs[0].dimensions.dropLast() + [channels])
  }
}

extension ActivationShape {
  /// Rows and columns, or the reason why there are none.
  fileprivate func spatial() throws(ShapeProblem) -> (height: Int?, width: Int?) {
    guard isSpatial else {
      throw ShapeProblem(problem: "it reads \(kerasDescription); expected (None, height, width, channels)")
    }
    return (dimensions[0], dimensions[1])
  }

  /// The shape after a window slid over the rows and columns.
  fileprivate func slid(
    _ window: Extent, _ strides: Extent, _ padding: Padding, channels: Int?
  ) throws(ShapeProblem) -> ActivationShape {
    let (height, width) = try spatial()
    let rows = height.map { padding.outputExtent(of: $0, window: window.height, stride: strides.height) }
    let columns = width.map { padding.outputExtent(of: $0, window: window.width, stride: strides.width) }
    if let smallest = [rows, columns].compactMap(\.self).min(), smallest < 1 {
      throw ShapeProblem(
        problem: "its window of \(window.height)x\(window.width) does not fit into \(kerasDescription); "
          + "give a larger image")
    }
    return ActivationShape([rows, columns, channels])
  }

  fileprivate func padded(_ insets: EdgeInsets) throws(ShapeProblem) -> ActivationShape {
    let (height, width) = try spatial()
    return ActivationShape([
      height.map { $0 + insets.top + insets.bottom }, width.map { $0 + insets.left + insets.right }, channels,
    ])
  }

  fileprivate func flattened() throws(ShapeProblem) -> ActivationShape {
    var count: Int? = 1
    for extent in dimensions {
      guard let sum = count, let extent else {
        count = nil
        continue
      }
      let (product, overflow) = sum.multipliedReportingOverflow(by: extent)
      guard !overflow else { throw ShapeProblem(problem: "it flattens too many elements") }
      count = product
    }
    return ActivationShape([count])
  }
}

extension Padding {
  /// How many positions a window takes along one axis: `valid` gives `(n - window) / stride + 1`, `same`
  /// gives `ceil(n / stride)`; 0 when it does not fit.
  package func outputExtent(of extent: Int, window: Int, stride: Int) -> Int {
    switch self {
    case .valid: extent < window ? 0 : (extent - window) / stride + 1
    case .same: (extent - 1) / stride + 1
    }
  }
}
