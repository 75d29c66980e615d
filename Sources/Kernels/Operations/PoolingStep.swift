import CKernels
package import Tensors

/// Maximum or average over windows or whole images.
package struct PoolingStep: KernelStep {
  /// What becomes of the pixels in a window.
  package enum Reduction: Sendable {
    /// The largest; `paddedWithZeros` says whether zeros take part where the window leaves the image.
    case maximum(paddedWithZeros: Bool)
    /// The mean of those inside the image.
    case average
  }

  private let window: Window
  private let reduction: Reduction
  private let variant: KernelVariant
  private let input: Place
  private let output: Place

  /// - Precondition: the window has no gaps.
  package init(
    window: Window, reduction: Reduction, variant: KernelVariant = .preferred, from input: Place,
    to output: Place
  ) {
    precondition(!window.isDilated, "PoolingStep: a window with gaps")
    self.window = window
    self.reduction = reduction
    self.variant = variant
    self.input = input
    self.output = output
  }

  package func run(images: Int, in workspace: Workspace) {
    let result = window.output(channels: window.input.channels)
    let table = unsafe variant.table
    var work = unsafe kernels_pooling()
    unsafe work.window = window.description(
      reading: workspace.pointer(input, window.input, images: images), stride: input.stride)
    unsafe work.output = workspace.pointer(output, result, images: images)
    unsafe work.output_stride = output.stride
    unsafe work.outside = outside
    let pooling = unsafe work
    let maximum = isMaximum
    workspace.pool.forEachRange(images * result.pixels, unit: rowsPerTask) { range, _ in
      unsafe withUnsafePointer(to: pooling) { work in
        if maximum {
          unsafe table.max_pool(work, range.lowerBound, range.upperBound)
        } else {
          unsafe table.average_pool(work, range.lowerBound, range.upperBound)
        }
      }
    }
  }

  private var isMaximum: Bool { if case .maximum = reduction { true } else { false } }

  private var outside: Float {
    if case .maximum(paddedWithZeros: true) = reduction { 0 } else { -.infinity }
  }

  /// Output pixels worth a task of their own.
  private var rowsPerTask: Int { max(1, 32_768 / max(1, window.area * window.input.channels)) }
}
