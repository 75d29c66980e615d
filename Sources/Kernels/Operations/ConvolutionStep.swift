import CKernels
package import Tensors

/// A convolution or dense layer: `activation(input * kernel + bias + residual)`.
package struct ConvolutionStep: KernelStep {
  private let connection: Connection
  private let weights: PackedWeights

  /// - Parameters:
  ///   - weights: the kernel `[height * width * input channels, filters]`.
  package init(
    window: Window, weights: PackedWeights, epilogue: Epilogue, from input: Place, to output: Place
  ) {
    precondition(weights.depth == window.area * window.input.channels)
    connection = Connection(
      window: window.joiningColumns(stride: input.stride) ?? window, epilogue: epilogue, from: input,
      to: output)
    self.weights = weights
  }

  package func run(images: Int, in workspace: Workspace) {
    let work = unsafe connection.description(
      weights.pointer, filters: weights.columns, images: images, in: workspace)
    let pixels = connection.window.outputHeight * connection.window.outputWidth
    unsafe convolve(work, rows: images * pixels, variant: weights.variant, pool: workspace.pool)
  }
}

/// What follows the sums of a convolution.
package struct Epilogue: Sendable {
  private let bias: ByteBuffer?
  private let residual: Place?
  private let activation: KernelActivation

  /// - Parameters:
  ///   - bias: one number a filter.
  ///   - residual: an activation of the output's extents that is added.
  ///   - activation: what becomes of every sum at last.
  package init(
    bias: [Float]?, residual: Place? = nil, activation: KernelActivation = .linear,
    variant: KernelVariant = .preferred
  ) {
    self.bias = bias.map { Self.padded($0, lanes: variant.lanes) }
    self.residual = residual
    self.activation = activation
  }

  /// Whole vectors of numbers, the last filled up with zeros.
  private static func padded(_ numbers: [Float], lanes: Int) -> ByteBuffer {
    let buffer = ByteBuffer(counted: (numbers.count + lanes - 1) / lanes * lanes * 4)
    buffer.write(numbers.span, at: 0)
    return buffer
  }

  @unsafe func description(_ result: ImageSize, images: Int, in workspace: Workspace) -> kernels_epilogue {
    var epilogue = unsafe kernels_epilogue()
    if let bias { unsafe epilogue.bias = bias.floats }
    if let residual {
      unsafe epilogue.residual = UnsafePointer(workspace.pointer(residual, result, images: images))
      unsafe epilogue.residual_stride = residual.stride
    }
    unsafe epilogue.activation = activation.description
    return unsafe epilogue
  }
}
