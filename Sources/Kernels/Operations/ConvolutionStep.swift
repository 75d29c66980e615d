import CKernels

/// A convolution or dense layer: `activation(input * kernel + bias + residual)`.
package struct ConvolutionStep: KernelStep {
  private let window: Window
  private let weights: PackedWeights
  private let epilogue: Epilogue
  private let zeros: FloatBuffer?
  private let input: Place
  private let output: Place

  /// - Parameters:
  ///   - weights: the kernel `[height * width * input channels, filters]`.
  package init(
    window: Window, weights: PackedWeights, epilogue: Epilogue, from input: Place, to output: Place
  ) {
    precondition(weights.depth == window.area * window.input.channels)
    self.window = window.joiningColumns(stride: input.stride) ?? window
    self.weights = weights
    self.epilogue = epilogue
    self.input = input
    self.output = output
    zeros = self.window.area > 1 || self.window.top > 0 ? FloatBuffer(count: self.window.input.channels) : nil
  }

  package func run(images: Int, in workspace: Workspace) {
    let result = window.output(channels: weights.columns)
    var work = unsafe kernels_convolution()
    unsafe work.window = window.description(
      reading: workspace.pointer(input, dense, images: images), stride: input.stride)
    if let zeros { unsafe work.zeros = UnsafePointer(zeros.pointer(0..<zeros.count)) }
    unsafe work.panels = weights.pointer
    unsafe work.filters = weights.columns
    unsafe work.output = workspace.pointer(output, result, images: images)
    unsafe work.output_stride = output.stride
    unsafe work.epilogue = epilogue.description(result, images: images, in: workspace)
    unsafe convolve(work, rows: images * result.pixels, variant: weights.variant, pool: workspace.pool)
  }

  /// The input's extents, for bounds: joined columns count a pixel's channels more than once.
  private var dense: ImageSize {
    ImageSize(
      height: window.input.height, width: window.input.width,
      channels: min(window.input.channels, input.stride))
  }
}

/// What follows the sums of a convolution.
package struct Epilogue: Sendable {
  private let bias: FloatBuffer?
  private let residual: Place?
  private let rectifies: Bool

  /// - Parameters:
  ///   - bias: one number a filter.
  ///   - residual: an activation of the output's extents that is added.
  ///   - rectifies: whether negative results become zero.
  package init(bias: [Float]?, residual: Place? = nil, rectifies: Bool, variant: KernelVariant = .preferred) {
    self.bias = bias.map { Self.padded($0, lanes: variant.lanes) }
    self.residual = residual
    self.rectifies = rectifies
  }

  /// Whole vectors of numbers, the last filled up with zeros.
  private static func padded(_ numbers: [Float], lanes: Int) -> FloatBuffer {
    let buffer = FloatBuffer(count: (numbers.count + lanes - 1) / lanes * lanes)
    buffer.write(numbers.span, at: 0)
    return buffer
  }

  @unsafe func description(_ result: ImageSize, images: Int, in workspace: Workspace) -> kernels_epilogue {
    var epilogue = unsafe kernels_epilogue()
    if let bias { unsafe epilogue.bias = UnsafePointer(bias.pointer(0..<bias.count)) }
    if let residual {
      unsafe epilogue.residual = UnsafePointer(workspace.pointer(residual, result, images: images))
      unsafe epilogue.residual_stride = residual.stride
    }
    unsafe epilogue.rectifies = rectifies
    return unsafe epilogue
  }
}
