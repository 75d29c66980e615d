import CKernels
package import Tensors

/// A depthwise convolution with one filter a channel whose kernel is learnt. Kernels are `[height, width, channels]`.
package struct TrainedDepthwise: Sendable {
  package let window: Window
  private let variant: KernelVariant

  package init(window: Window, variant: KernelVariant = .preferred) {
    (self.window, self.variant) = (window, variant)
  }

  private var channels: Int { window.input.channels }
  private var outputPixels: Int { window.outputHeight * window.outputWidth }

  /// The output of `images` images.
  package func forward(
    _ input: Span<Float>, kernel: Span<Float>, into output: inout MutableSpan<Float>, images: Int,
    pool: ThreadPool
  ) {
    precondition(input.count == images * window.input.elements && kernel.count == window.area * channels)
    precondition(output.count == images * outputPixels * channels)
    let lines = max(1, 65_536 / max(1, window.area * channels * window.outputWidth))
    unsafe run(input, kernel, &output, window) { table, work, target, window in
      let width = window.outputWidth
      pool.forEachRange(images * window.outputHeight, unit: lines) { range, _ in
        let (first, end) = (range.lowerBound * width, range.upperBound * width)
        let channels = window.input.channels
        unsafe withUnsafePointer(to: work) { work in
          unsafe table.depthwise(work, target.base + first * channels, channels, first, end)
        }
      }
    }
  }

  @unsafe private func run(
    _ input: Span<Float>, _ kernel: Span<Float>, _ output: inout MutableSpan<Float>, _ window: Window,
    _ body: (kernels_table, kernels_depthwise, SharedFloats, Window) -> Void
  ) {
    unsafe input.withUnsafeBufferPointer { source in
      unsafe kernel.withUnsafeBufferPointer { weights in
        unsafe output.withUnsafeMutableBufferPointer { target in
          guard let from = source.baseAddress, let to = target.baseAddress else { return }
          var work = unsafe kernels_depthwise()
          unsafe work.window = window.description(reading: from, stride: channels)
          unsafe work.multiplier = 1
          unsafe work.weights = weights.baseAddress
          unsafe body(variant.table, work, SharedFloats(to), window)
        }
      }
    }
  }

  /// The gradient by the input.
  package func inputGradient(
    _ gradient: Span<Float>, kernel: Span<Float>, into result: inout MutableSpan<Float>, images: Int,
    pool: ThreadPool
  ) {
    precondition(gradient.count == images * outputPixels * channels && kernel.count == window.area * channels)
    precondition(result.count == images * window.input.elements)
    if window.rowStride == 1, window.columnStride == 1 {
      let area = window.area
      let mirrored = (0..<area * channels).map {
        kernel[(area - 1 - $0 / channels) * channels + $0 % channels]
      }
      let back = TrainedDepthwise(window: window.mirroredDepthwise, variant: variant)
      return back.forward(gradient, kernel: mirrored.span, into: &result, images: images, pool: pool)
    }
    unsafe kernel.withUnsafeBufferPointer { weights in
      unsafe differentiate(gradient, gradient, &result, weights.baseAddress) { work in
        let table = unsafe variant.gradients
        let lines = max(1, 16_384 / max(1, window.area * channels * window.input.width))
        pool.forEachRange(images * window.input.height, unit: lines) { range, _ in
          unsafe withUnsafePointer(to: work) {
            unsafe table.depthwise_input($0, range.lowerBound, range.upperBound)
          }
        }
      }
    }
  }

  /// The gradient by the kernel.
  package func kernelGradient(
    _ input: Span<Float>, _ gradient: Span<Float>, into result: inout MutableSpan<Float>, images: Int,
    pool: ThreadPool
  ) {
    precondition(window.width <= Int(KERNELS_GRADIENT_TAPS), "TrainedDepthwise: a window that wide")
    precondition(input.count == images * window.input.elements && result.count == window.area * channels)
    precondition(gradient.count == images * outputPixels * channels)
    unsafe differentiate(input, gradient, &result, nil) { work in
      let table = unsafe variant.gradients
      pool.forEachBlock(channels, unit: variant.lanes) { range in
        unsafe withUnsafePointer(to: work) {
          unsafe table.depthwise_weights($0, images, range.lowerBound, range.upperBound)
        }
      }
    }
  }

  /// The widest window whose kernel can be learnt.
  package static let mostColumns = Int(KERNELS_GRADIENT_TAPS)

  @unsafe private func differentiate(
    _ input: Span<Float>, _ gradient: Span<Float>, _ result: inout MutableSpan<Float>,
    _ weights: UnsafePointer<Float>?, _ body: (kernels_depthwise_gradient) -> Void
  ) {
    unsafe input.withUnsafeBufferPointer { source in
      unsafe gradient.withUnsafeBufferPointer { slopes in
        unsafe result.withUnsafeMutableBufferPointer { target in
          guard let from = source.baseAddress else { return }
          unsafe body(
            kernels_depthwise_gradient(
              window: window.description(reading: from, stride: channels), weights: weights,
              gradient: slopes.baseAddress, output: target.baseAddress))
        }
      }
    }
  }
}

extension Window {
  /// The window of the gradient by the input, where this one moves by one pixel.
  fileprivate var mirroredDepthwise: Window {
    Window(
      input: output(channels: input.channels), outputHeight: input.height, outputWidth: input.width,
      height: height, width: width, rowStride: 1, columnStride: 1, rowDilation: rowDilation,
      columnDilation: columnDilation, top: spannedHeight - 1 - top, left: spannedWidth - 1 - left)
  }
}
