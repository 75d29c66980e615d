import CKernels
package import Tensors

/// A depthwise convolution, Keras's `DepthwiseConv2D`: windows of any extents, strides and dilation, over each channel on
/// its own.
///
/// Windows that are 3, 5 or 7 pixels wide and move by one or two are the fast ones, with one filter a channel.
package struct DepthwiseStep: KernelStep {
  private let work: DepthwiseConvolution
  private let variant: KernelVariant
  private let input: Place
  private let output: Place
  private let lineMeans: Place?

  /// - Parameter lineMeans: where the means of every line of the output go too, `[H, 1, C]`.
  package init(
    _ work: DepthwiseConvolution, variant: KernelVariant = .preferred, from input: Place, to output: Place,
    lineMeans: Place? = nil
  ) {
    self.work = work
    self.variant = variant
    self.input = input
    self.output = output
    self.lineMeans = lineMeans
  }

  package func run(images: Int, in workspace: Workspace) {
    let window = work.window
    let result = window.output(channels: work.channels)
    let source = unsafe workspace.pointer(input, window.input, images: images)
    var description = unsafe work.description(reading: source, stride: input.stride)
    if let lineMeans {
      let means = ImageSize(height: result.height, width: 1, channels: result.channels)
      unsafe description.line_means = workspace.pointer(lineMeans, means, images: images)
    }
    let target = unsafe StridedPixels(
      workspace.pointer(output, result, images: images), stride: output.stride)
    let (table, work) = unsafe (variant.table, description)
    workspace.pool.forEachRange(images * result.height, unit: linesPerTask) { range, _ in
      let (first, end) = (range.lowerBound * result.width, range.upperBound * result.width)
      let pixels = unsafe target.pixel(first)
      unsafe withUnsafePointer(to: work) { work in
        unsafe table.depthwise(work, pixels.base, pixels.stride, first, end)
      }
    }
  }

  /// Lines of output pixels worth a task of their own: neighbours share what they read.
  private var linesPerTask: Int {
    let products = max(1, work.window.area * work.channels)
    return max(1, 65_536 / (products * max(1, work.window.outputWidth)))
  }
}

/// What a depthwise convolution computes, wherever its inputs and its results lie.
package struct DepthwiseConvolution: Sendable {
  package let window: Window
  private let kernel: DepthwiseKernel
  private let bias: ByteBuffer?
  private let activation: KernelActivation

  /// - Parameters:
  ///   - bias: one number an output channel, of which there are `channels * multiplier`.
  package init(
    window: Window, kernel: DepthwiseKernel, bias: [Float]? = nil, activation: KernelActivation = .linear
  ) {
    precondition(kernel.fits(window), "DepthwiseConvolution: the kernel is not the window's")
    precondition(bias.map { $0.count == window.input.channels * kernel.multiplier } ?? true)
    self.window = window
    self.kernel = kernel
    self.bias = bias.map { ByteBuffer(kernel.filterByFilter($0)) }
    self.activation = activation
  }

  /// Channels of the output.
  package var channels: Int { window.input.channels * kernel.multiplier }

  @unsafe func description(reading input: UnsafePointer<Float>, stride: Int) -> kernels_depthwise {
    var work = unsafe kernel.description(window.description(reading: input, stride: stride))
    if let bias { unsafe work.bias = bias.floats }
    unsafe work.activation = activation.description
    return unsafe work
  }
}

/// The weights of a depthwise convolution: as many filters for each channel as its multiplier says.
package struct DepthwiseKernel: Sendable {
  /// Filters a channel; the results of a channel lie beside each other.
  package let multiplier: Int
  private let weights: ByteBuffer
  private let inputClamp: Clamp?

  /// - Parameters:
  ///   - weights: `[height * width, channels, multiplier]`.
  ///   - scale: a factor for each of `[channels, multiplier]`, applied in double precision.
  ///   - inputClamp: what becomes of every input before it is multiplied. Zeros around the image are not clamped.
  package init(
    _ weights: [Float], multiplier: Int = 1, scale: [Double]? = nil, inputClamp: Clamp? = nil
  ) {
    precondition(multiplier > 0 && weights.count % multiplier == 0)
    var scaled = weights
    if let scale {
      precondition(!scale.isEmpty && weights.count % scale.count == 0)
      for index in scaled.indices {
        scaled[index] = Float(Double(weights[index]) * scale[index % scale.count])
      }
    }
    self.multiplier = multiplier
    self.weights = ByteBuffer(Self.filterByFilter(scaled, multiplier: multiplier))
    self.inputClamp = inputClamp
  }

  /// Whether there is a weight for each of the window's positions and each filter of its channels.
  func fits(_ window: Window) -> Bool {
    weights.byteCount == window.area * window.input.channels * multiplier * 4
  }

  /// Numbers `[channels, multiplier]` as kernels read them: `[multiplier, channels]`.
  func filterByFilter(_ numbers: [Float]) -> [Float] {
    Self.filterByFilter(numbers, multiplier: multiplier)
  }

  private static func filterByFilter(_ numbers: [Float], multiplier: Int) -> [Float] {
    guard multiplier > 1 else { return numbers }
    return (0..<multiplier).flatMap { filter in
      stride(from: filter, to: numbers.count, by: multiplier).map { numbers[$0] }
    }
  }

  @unsafe func description(_ window: kernels_window) -> kernels_depthwise {
    var result = unsafe kernels_depthwise()
    unsafe result.window = window
    unsafe result.multiplier = multiplier
    unsafe result.weights = weights.floats
    if let inputClamp { unsafe result.input_activation = KernelActivation.clamp(inputClamp).description }
    return unsafe result
  }
}
