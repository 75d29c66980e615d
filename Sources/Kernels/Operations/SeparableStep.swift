import CKernels
package import Tensors

/// A depthwise convolution followed at once by a pointwise one, block of rows by block of rows.
package struct SeparableStep: KernelStep {
  private let window: Window
  private let depthwise: DepthwiseKernel
  private let pointwise: PackedWeights
  private let epilogue: Epilogue
  private let input: Place
  private let output: Place

  /// - Parameters:
  ///   - pointwise: `[channels * multiplier, filters]`.
  package init(
    window: Window, depthwise: DepthwiseKernel, pointwise: PackedWeights, epilogue: Epilogue,
    from input: Place, to output: Place
  ) {
    precondition(depthwise.fits(window))
    precondition(pointwise.depth == window.input.channels * depthwise.multiplier)
    self.window = window
    self.depthwise = depthwise
    self.pointwise = pointwise
    self.epilogue = epilogue
    self.input = input
    self.output = output
  }

  /// Bytes of scratch a thread needs, where `channels` are the pointwise convolution's.
  package static func scratch(channels: Int) -> Int {
    Int(KERNELS_ROW_BLOCK) * channels * ScalarType.float32.byteCount
  }

  package func run(images: Int, in workspace: Workspace) {
    let result = window.output(channels: pointwise.columns)
    let first = unsafe depthwise.description(
      window.description(
        reading: workspace.pointer(input, window.input, images: images), stride: input.stride))
    var second = unsafe kernels_convolution()
    unsafe second.panels = pointwise.pointer
    unsafe second.filters = pointwise.columns
    unsafe second.output = workspace.pointer(output, result, images: images)
    unsafe second.output_stride = output.stride
    unsafe second.epilogue = epilogue.description(result, images: images, in: workspace)
    unsafe run(first, second, rows: images * result.pixels, in: workspace)
  }

  @unsafe private func run(
    _ first: kernels_depthwise, _ second: kernels_convolution, rows: Int, in workspace: Workspace
  ) {
    let table = unsafe pointwise.variant.table
    let partition = Partition(
      rows: rows, threads: workspace.pool.threadCount, block: Int(KERNELS_ROW_BLOCK))
    workspace.pool.forEach(partition.taskCount) { task, thread in
      let range = partition.rows(of: task)
      unsafe withUnsafePointer(to: first) { first in
        unsafe withUnsafePointer(to: second) { second in
          unsafe table.separable(
            first, second, workspace.scratch(thread: thread), range.lowerBound, range.upperBound)
        }
      }
    }
  }
}
