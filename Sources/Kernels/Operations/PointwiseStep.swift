import CKernels
import Tensors

/// A pointwise convolution of pixels that are computed a few rows at a time and read while they are in cache: behind a depthwise
/// convolution, a normalisation, an activation, or a product with factors of the image's own.
package struct PointwiseStep: KernelStep {
  private let source: PixelSource
  private let weights: PackedWeights
  private let epilogue: Epilogue
  private let input: Place
  private let output: Place

  /// - Parameters:
  ///   - weights: `[channels of the source, filters]`.
  package init(
    of source: PixelSource, weights: PackedWeights, epilogue: Epilogue, from input: Place, to output: Place
  ) {
    precondition(weights.depth == source.channels)
    self.source = source
    self.weights = weights
    self.epilogue = epilogue
    self.input = input
    self.output = output
  }

  /// Bytes of scratch a thread needs, where `channels` are the source's.
  package static func scratch(channels: Int) -> Int {
    Int(KERNELS_ROW_BLOCK) * channels * ScalarType.float32.byteCount
  }

  package func run(images: Int, in workspace: Workspace) {
    let result = source.window.output(channels: weights.columns)
    var work = unsafe kernels_convolution()
    unsafe work.panels = weights.pointer
    unsafe work.filters = weights.columns
    unsafe work.output = workspace.pointer(output, result, images: images)
    unsafe work.output_stride = output.stride
    unsafe work.epilogue = epilogue.description(result, images: images, in: workspace)
    unsafe run(work, rows: images * result.pixels, images: images, in: workspace)
  }

  @unsafe private func run(_ work: kernels_convolution, rows: Int, images: Int, in workspace: Workspace) {
    let table = unsafe weights.variant.table
    let partition = unsafe Partition(
      transforming: rows, block: Int(KERNELS_ROW_BLOCK), columns: weights.columns, panel: table.panel_columns,
      threads: workspace.pool.threadCount)
    let source = unsafe source.description(reading: input, images: images, in: workspace)
    workspace.pool.forEach(partition.taskCount) { task, thread in
      let (rows, columns) = (partition.rows(of: task), partition.columns(of: task))
      unsafe withUnsafePointer(to: source) { source in
        unsafe withUnsafePointer(to: work) { work in
          unsafe table.pointwise(
            source, work, workspace.scratch(thread: thread), rows.lowerBound, rows.upperBound,
            columns.lowerBound, columns.upperBound)
        }
      }
    }
  }
}
