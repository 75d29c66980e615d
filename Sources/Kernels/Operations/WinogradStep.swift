import CKernels

/// A convolution with steps of one computed by Winograd's minimal filtering, for about one more decimal digit of
/// rounding error.
package struct WinogradStep: KernelStep {
  private let window: Window
  private let weights: WinogradWeights
  private let epilogue: Epilogue
  private let zeros: FloatBuffer
  private let input: Place
  private let output: Place

  /// - Precondition: the window has the extents of the weights' form and moves by one pixel.
  package init(
    window: Window, weights: WinogradWeights, epilogue: Epilogue, from input: Place, to output: Place
  ) {
    precondition(window.height == weights.form.height && window.width == weights.form.width)
    precondition(window.rowStride == 1 && window.columnStride == 1)
    precondition(weights.channels == window.input.channels)
    self.window = window
    self.weights = weights
    self.epilogue = epilogue
    self.input = input
    self.output = output
    zeros = FloatBuffer(count: window.input.channels)
  }

  /// Floats of scratch a thread needs.
  package static func scratch(_ form: WinogradForm, channels: Int, variant: KernelVariant) -> Int {
    unsafe form.functions(variant).scratch(channels)
  }

  package func run(images: Int, in workspace: Workspace) {
    let result = window.output(channels: weights.filters)
    var work = unsafe kernels_convolution()
    unsafe work.window = window.description(
      reading: workspace.pointer(input, window.input, images: images), stride: input.stride)
    unsafe work.zeros = UnsafePointer(zeros.pointer(0..<zeros.count))
    unsafe work.panels = weights.pointer
    unsafe work.filters = weights.filters
    unsafe work.output = workspace.pointer(output, result, images: images)
    unsafe work.output_stride = output.stride
    unsafe work.epilogue = epilogue.description(result, images: images, in: workspace)
    unsafe run(work, tiles: images * weights.form.tiles(of: window), in: workspace)
  }

  package var computedShare: Double { weights.form.remainingProducts(of: window) }

  @unsafe private func run(_ work: kernels_convolution, tiles: Int, in workspace: Workspace) {
    let functions = unsafe weights.form.functions(weights.variant)
    let partition = Partition(
      transforming: tiles, block: functions.block(), columns: weights.filters,
      panel: weights.variant.panelColumns, threads: workspace.pool.threadCount)
    workspace.pool.forEach(partition.taskCount) { task, thread in
      let (rows, columns) = (partition.rows(of: task), partition.columns(of: task))
      unsafe withUnsafePointer(to: work) { work in
        unsafe functions.run(
          work, workspace.scratch(thread: thread), rows.lowerBound, rows.upperBound, columns.lowerBound,
          columns.upperBound)
      }
    }
  }
}

/// A kernel transformed for ``WinogradStep``: one matrix `[channels, filters]` for each point, in panels.
package struct WinogradWeights: Sendable {
  package let form: WinogradForm
  package let channels: Int
  package let filters: Int
  package let variant: KernelVariant
  private let panels: FloatBuffer

  /// Transforms and packs a dense kernel `[height, width, channels, filters]`, each filter times its factor in
  /// `scale`, in double precision.
  package init(
    _ form: WinogradForm, _ kernel: Span<Float>, channels: Int, filters: Int, scale: [Double]? = nil,
    pool: ThreadPool = .shared, variant: KernelVariant = .preferred
  ) {
    self.form = form
    self.channels = channels
    self.filters = filters
    self.variant = variant
    let lanes = variant.lanes
    panels = FloatBuffer(unwritten: form.points * channels * ((filters + lanes - 1) / lanes * lanes))
    unsafe packPanels(
      kernel, depth: form.height * form.width * channels, columns: filters, scale: scale, into: panels,
      pool: pool, variant.panelColumns, form.functions(variant).pack)
  }

  /// The first panel.
  @unsafe var pointer: UnsafePointer<Float> { unsafe UnsafePointer(panels.pointer(0..<panels.count)) }
}
