import CKernels

/// A 3 x 3 convolution with steps of one, computed with Winograd's F(4x4, 3x3): a quarter of the products, for
/// about one more decimal digit of rounding error.
package struct WinogradStep: KernelStep {
  private let window: Window
  private let weights: WinogradWeights
  private let epilogue: Epilogue
  private let zeros: FloatBuffer
  private let input: Place
  private let output: Place

  /// Output pixels along each side of a tile.
  package static let tile = 4

  /// - Precondition: the window is 3 x 3 and moves by one pixel.
  package init(
    window: Window, weights: WinogradWeights, epilogue: Epilogue, from input: Place, to output: Place
  ) {
    precondition(window.height == 3 && window.width == 3 && window.rowStride == 1 && window.columnStride == 1)
    precondition(weights.channels == window.input.channels)
    self.window = window
    self.weights = weights
    self.epilogue = epilogue
    self.input = input
    self.output = output
    zeros = FloatBuffer(count: window.input.channels)
  }

  /// Floats of scratch a thread needs.
  package static func scratch(channels: Int, filters: Int, variant: KernelVariant) -> Int {
    let columns = (filters + variant.lanes - 1) / variant.lanes * variant.lanes
    return 36 * (Int(KERNELS_WINOGRAD_TILES) * (channels + columns) + 64)
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
    unsafe run(work, tiles: images * tilesPerImage, in: workspace)
  }

  private var tilesPerImage: Int {
    let tile = Self.tile
    return ((window.outputHeight + tile - 1) / tile) * ((window.outputWidth + tile - 1) / tile)
  }

  @unsafe private func run(_ work: kernels_convolution, tiles: Int, in workspace: Workspace) {
    let table = unsafe weights.variant.table
    let partition = unsafe Partition(
      rows: tiles, block: Int(KERNELS_WINOGRAD_TILES), columns: weights.filters, panel: table.panel_columns,
      narrowest: Self.narrowestTask, threads: workspace.pool.threadCount)
    workspace.pool.forEach(partition.taskCount) { task, thread in
      let (rows, columns) = (partition.rows(of: task), partition.columns(of: task))
      unsafe withUnsafePointer(to: work) { work in
        unsafe table.winograd(
          work, workspace.scratch(thread: thread), rows.lowerBound, rows.upperBound, columns.lowerBound,
          columns.upperBound)
      }
    }
  }

  /// Every task transforms its input anew, so it should have columns enough for that to be little.
  private static let narrowestTask = 128
}

/// A 3 x 3 kernel transformed for ``WinogradStep``: 36 matrices `[channels, filters]`, each in panels.
package struct WinogradWeights: Sendable {
  package let channels: Int
  package let filters: Int
  package let variant: KernelVariant
  private let panels: FloatBuffer

  /// Transforms and packs a dense kernel `[3, 3, channels, filters]`, each filter times its factor in `scale`,
  /// in double precision.
  package init(
    _ kernel: Span<Float>, channels: Int, filters: Int, scale: [Double]? = nil, pool: ThreadPool = .shared,
    variant: KernelVariant = .preferred
  ) {
    self.channels = channels
    self.filters = filters
    self.variant = variant
    let lanes = variant.lanes
    panels = FloatBuffer(unwritten: 36 * channels * ((filters + lanes - 1) / lanes * lanes))
    unsafe packPanels(
      kernel, depth: 9 * channels, columns: filters, scale: scale, into: panels, pool: pool,
      variant.table.panel_columns, variant.table.pack_winograd)
  }

  /// The first panel.
  @unsafe var pointer: UnsafePointer<Float> { unsafe UnsafePointer(panels.pointer(0..<panels.count)) }
}
