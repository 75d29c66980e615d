import CKernels
package import Tensors

/// The pixels of a pointwise convolution, and how they are computed where they are not there.
package struct PixelSource: Sendable {
  /// Which pixels: one for each position of the window.
  package let window: Window
  private let depthwise: DepthwiseConvolution?
  private let preparation: Preparation?

  /// What a preparation makes of the pixels under a window, or their mean where that is larger than one pixel. Only a
  /// preparation of constants, with a clamp if anything, takes means.
  ///
  /// - Precondition: the window stays inside the image.
  package init(_ window: Window, preparation: Preparation? = nil) {
    precondition(window.top == 0 && window.left == 0 && !window.isDilated && !window.crossesSides)
    precondition(window.area == 1 || preparation?.takesMeans ?? true)
    self.window = window
    self.depthwise = nil
    self.preparation = preparation
  }

  /// The results of a depthwise convolution, or what a preparation makes of them.
  package init(_ depthwise: DepthwiseConvolution, preparation: Preparation? = nil) {
    self.window = depthwise.window
    self.depthwise = depthwise
    self.preparation = preparation
  }

  /// Channels of a pixel.
  package var channels: Int { depthwise?.channels ?? window.input.channels }

  /// Products that each of them takes.
  var productsPerResult: Int { depthwise == nil ? 0 : window.area }

  /// Whether all is in the activation already.
  var isThere: Bool { depthwise == nil && preparation == nil && window.area == 1 }

  @unsafe func description(reading input: Place, images: Int, in workspace: Workspace) -> kernels_source {
    let pointer = unsafe workspace.pointer(input, window.input, images: images)
    var source = unsafe kernels_source()
    if let depthwise {
      unsafe source.depthwise = depthwise.description(reading: pointer, stride: input.stride)
    } else {
      unsafe source.depthwise.window = window.description(reading: pointer, stride: input.stride)
      unsafe source.depthwise.multiplier = 1
    }
    if let preparation {
      unsafe source.preparation = preparation.description(channels: channels, images: images, in: workspace)
    }
    return unsafe source
  }
}

/// What becomes of every pixel of a ``PixelSource``.
package struct Preparation: Sendable {
  private var epsilon: Float?
  private var scale: ByteBuffer?
  private var shift: ByteBuffer?
  private var factors: Place?
  private var activation = KernelActivation.linear

  /// `activation(x * scale + shift)`, with one factor and one term a channel; nil for neither.
  package static func affine(
    scale: [Float]?, shift: [Float]?, _ activation: KernelActivation = .linear
  ) -> Preparation {
    Preparation(
      scale: scale.map { ByteBuffer($0) }, shift: shift.map { ByteBuffer($0) }, activation: activation)
  }

  /// `(x - mean) / sqrt(variance + epsilon) * scale + shift`, with the mean and the variance of the pixel's channels; nil for
  /// neither factors nor terms.
  package static func standardization(epsilon: Float, scale: [Float]?, shift: [Float]?) -> Preparation {
    Preparation(epsilon: epsilon, scale: scale.map { ByteBuffer($0) }, shift: shift.map { ByteBuffer($0) })
  }

  /// `x * y`, where `y` is the pixel `[1, 1, C]` that another activation has for every image.
  package static func product(with factors: Place) -> Preparation { Preparation(factors: factors) }

  var takesMeans: Bool {
    guard epsilon == nil, factors == nil else { return false }
    switch activation {
    case .linear, .clamp: return true
    case .leakyReLU, .elu, .hardSigmoid, .hardSilu, .sigmoid, .silu, .tanh, .softplus, .mish, .softsign,
      .exponential, .gelu:
      return false
    }
  }

  @unsafe fileprivate func description(
    channels: Int, images: Int, in workspace: Workspace
  ) -> kernels_preparation {
    var result = unsafe kernels_preparation()
    if let epsilon { unsafe (result.standardizes, result.epsilon) = (true, epsilon) }
    if let scale { unsafe result.scale = scale.floats }
    if let shift { unsafe result.shift = shift.floats }
    if let factors {
      let pixel = ImageSize(height: 1, width: 1, channels: channels)
      unsafe result.scale = UnsafePointer(workspace.pointer(factors, pixel, images: images))
      unsafe result.scale_stride = factors.stride
    }
    unsafe result.activation = activation.description
    return unsafe result
  }
}
