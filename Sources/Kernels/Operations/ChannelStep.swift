import CKernels
package import Tensors

/// Work that looks at all channels of one pixel at a time; the output may lie where the input does.
package struct ChannelStep: KernelStep {
  /// What becomes of the channels `x` of a pixel.
  package enum Function: Hashable, Sendable {
    /// `e^x / sum(e^x)`.
    case softmax
    /// `x / sqrt(sum(x^2))`, at most `1e12 x`: length 1.
    case unitNormalization
  }

  private let function: Function
  private let size: ImageSize
  private let variant: KernelVariant
  private let input: Place
  private let output: Place

  package init(
    _ function: Function, size: ImageSize, variant: KernelVariant = .preferred, from input: Place,
    to output: Place
  ) {
    self.function = function
    self.size = size
    self.variant = variant
    self.input = input
    self.output = output
  }

  package func run(images: Int, in workspace: Workspace) {
    let (function, channels, variant) = (function, size.channels, variant)
    unsafe workspace.forEachPixels(
      of: size, images: images, from: input, to: output, elementsPerTask: 4096
    ) { x, result, pixels in
      unsafe function.apply(x, result, pixels: pixels, channels: channels, variant)
    }
  }
}

extension ChannelStep.Function {
  /// Applies the function to consecutive pixels.
  @unsafe func apply(
    _ x: StridedPixels, _ result: StridedPixels, pixels: Int, channels: Int, _ variant: KernelVariant
  ) {
    let table = unsafe variant.table
    switch self {
    case .softmax: unsafe table.softmax(x.base, x.stride, result.base, result.stride, pixels, channels)
    case .unitNormalization:
      unsafe table.normalize(x.base, x.stride, result.base, result.stride, pixels, channels)
    }
  }
}
