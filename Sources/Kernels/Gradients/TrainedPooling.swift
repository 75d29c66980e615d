import CKernels
package import Tensors

/// A pooling that is trained through.
package struct TrainedPooling: Sendable {
  private let window: Window
  private let isMaximum: Bool
  private let variant: KernelVariant

  /// - Precondition: the window has no gaps.
  package init(window: Window, isMaximum: Bool, variant: KernelVariant = .preferred) {
    precondition(!window.isDilated, "TrainedPooling: a window with gaps")
    (self.window, self.isMaximum, self.variant) = (window, isMaximum, variant)
  }

  private var channels: Int { window.input.channels }
  private var outputElements: Int { window.outputHeight * window.outputWidth * channels }

  /// The largest, or the mean, of each window's pixels inside the image.
  package func forward(
    _ input: Span<Float>, into output: inout MutableSpan<Float>, images: Int, pool: ThreadPool
  ) {
    precondition(input.count == images * window.input.elements && output.count == images * outputElements)
    unsafe input.withUnsafeBufferPointer { source in
      unsafe output.withUnsafeMutableBufferPointer { target in
        guard let from = source.baseAddress else { return }
        let work = unsafe kernels_pooling(
          window: window.description(reading: from, stride: channels), output: target.baseAddress,
          output_stride: channels, outside: -.infinity)
        let table = unsafe variant.table
        let pool_ = unsafe isMaximum ? table.max_pool : table.average_pool
        let rows = max(1, 32_768 / max(1, window.area * channels))
        pool.forEachRange(images * window.outputHeight * window.outputWidth, unit: rows) { range, _ in
          unsafe withUnsafePointer(to: work) { unsafe pool_?($0, range.lowerBound, range.upperBound) }
        }
      }
    }
  }

  /// The gradient by the input. Of equal maxima the first has all of it, as in TensorFlow.
  ///
  /// - Parameter output: what the forward pass gave.
  package func inputGradient(
    _ input: Span<Float>, _ output: Span<Float>, _ gradient: Span<Float>,
    into result: inout MutableSpan<Float>, images: Int, pool: ThreadPool
  ) {
    precondition(input.count == images * window.input.elements && result.count == input.count)
    precondition(output.count == images * outputElements && gradient.count == output.count)
    unsafe input.withUnsafeBufferPointer { source in
      unsafe output.withUnsafeBufferPointer { maxima in
        unsafe gradient.withUnsafeBufferPointer { slopes in
          unsafe result.withUnsafeMutableBufferPointer { target in
            guard let from = source.baseAddress else { return }
            let work = unsafe kernels_pooling_gradient(
              window: window.description(reading: from, stride: channels),
              maxima: isMaximum ? maxima.baseAddress : nil, gradient: slopes.baseAddress,
              output: target.baseAddress)
            let table = unsafe variant.gradients
            pool.forEachBlock(images, unit: 1) { range in
              unsafe withUnsafePointer(to: work) {
                unsafe table.pooling($0, range.lowerBound, range.upperBound)
              }
            }
          }
        }
      }
    }
  }
}
