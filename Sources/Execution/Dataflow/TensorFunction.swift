import Kernels

/// Work written down as its definition says: exact on any machine, fast on none.
protocol TensorFunction: Sendable {
  /// Whether rows of the output can only be computed together.
  var needsWholeImage: Bool { get }

  /// Computes `rows` of one image's output from the same image of every input.
  func compute(_ rows: Range<Int>, of output: PixelWriter, from inputs: [PixelReader])
}

extension TensorFunction {
  var needsWholeImage: Bool { false }
}
