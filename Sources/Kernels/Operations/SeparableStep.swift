import CKernels

/// A depthwise convolution followed at once by a pointwise one, block of rows by block of rows.
package struct SeparableStep: KernelStep {
  private let window: Window
  private let depthwise: DepthwiseKernel
  private let pointwise: PackedWeights
  private let epilogue: Epilogue
  private let input: Place
  private let output: Place

  /// - Parameters:
  ///   - pointwise: `[channels, filters]`.
  package init(
    window: Window, depthwise: DepthwiseKernel, pointwise: PackedWeights, epilogue: Epilogue,
    from input: Place, to output: Place
  ) {
    precondition(depthwise.count == window.area * window.input.channels)
    precondition(pointwise.depth == window.input.channels)
    self.window = window
    self.depthwise = depthwise
    self.pointwise = pointwise
    self.epilogue = epilogue
    self.input = input
    self.output = output
  }

  /// Floats of scratch a thread needs.
  package static func scratch(channels: Int) -> Int { Int(KERNELS_ROW_BLOCK) * channels }

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

/// The weights of a depthwise convolution, one filter a channel.
package struct DepthwiseKernel: Sendable {
  private let weights: FloatBuffer
  private let inputClamp: Clamp?

  /// - Parameters:
  ///   - weights: `[height * width, channels]`.
  ///   - inputClamp: what becomes of every input before it is multiplied.
  package init(_ weights: [Float], inputClamp: Clamp? = nil) {
    self.weights = FloatBuffer(weights)
    self.inputClamp = inputClamp
  }

  var count: Int { weights.count }

  @unsafe func description(_ window: kernels_window) -> kernels_depthwise {
    var result = unsafe kernels_depthwise()
    unsafe result.window = window
    unsafe result.weights = UnsafePointer(weights.pointer(0..<weights.count))
    if let inputClamp { unsafe result.input_activation = KernelActivation.clamp(inputClamp).description }
    return unsafe result
  }
}
