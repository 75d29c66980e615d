import CKernels
package import Tensors

/// A convolution with steps of one computed by Winograd's minimal filtering, for about one more decimal digit of
/// rounding error.
package struct WinogradStep: KernelStep {
  private let connection: Connection
  private let weights: WinogradWeights
  private let defined: Window

  /// - Parameter defined: the window the layer is defined by, where that is another.
  /// - Precondition: the window has the extents of the weights' form and moves by one pixel, without gaps.
  package init(
    window: Window, defined: Window? = nil, weights: WinogradWeights, epilogue: Epilogue, from input: Place,
    to output: Place
  ) {
    self.defined = defined ?? window
    precondition(window.height == weights.form.height && window.width == weights.form.width)
    precondition(window.rowStride == 1 && window.columnStride == 1 && !window.isDilated)
    precondition(weights.channels == window.input.channels)
    connection = Connection(window: window, epilogue: epilogue, from: input, to: output)
    self.weights = weights
  }

  /// Bytes of scratch a thread needs.
  package static func scratch(_ form: WinogradForm, channels: Int, variant: KernelVariant) -> Int {
    unsafe form.functions(variant).scratch(channels) * ScalarType.float32.byteCount
  }

  package func run(images: Int, in workspace: Workspace) {
    let work = unsafe connection.description(
      weights.pointer, filters: weights.filters, images: images, in: workspace)
    unsafe weights.convolve(
      work, tiles: images * weights.form.tiles(of: connection.window), pool: workspace.pool
    ) { unsafe workspace.scratch(thread: $0) }
  }

  package var computedShare: Double { weights.form.remainingProducts(of: connection.window, for: defined) }
}

/// When the kernels of a ``WinogradStep`` are transformed.
package enum KernelTransformation: CaseIterable, Sendable {
  /// Once, when they are packed: quickest, and several times the memory.
  case beforehand
  /// Whenever they are used, a cache's share at a time: no more memory than the kernels themselves.
  case whenUsed

  /// Which is quicker: kernels of which transformed ones would be large are only kept as they are. Layers that large have pixels
  /// enough to make up for transforming them again, and reading less from memory makes up for more.
  package static func preferred(_ form: WinogradForm, channels: Int, filters: Int) -> Self {
    form.points * channels * filters > 4 << 20 ? .whenUsed : .beforehand
  }

  @unsafe fileprivate func pack(_ form: WinogradForm, _ variant: KernelVariant) -> PackFunction {
    switch self {
    case .beforehand: unsafe form.functions(variant).pack
    case .whenUsed: unsafe form.functions(variant).pack_late
    }
  }

  @unsafe fileprivate func run(_ form: WinogradForm, _ variant: KernelVariant) -> WinogradFunction {
    switch self {
    case .beforehand: unsafe form.functions(variant).run
    case .whenUsed: unsafe form.functions(variant).run_late
    }
  }
}

/// A function that computes some tiles and columns.
private typealias WinogradFunction =
  @convention(c) (
    UnsafePointer<kernels_convolution>?, UnsafeMutablePointer<Float>?, Int, Int, Int, Int
  ) -> Void

/// A kernel for ``WinogradStep``: one matrix `[channels, filters]` for each point, or for each of the window's pixels
/// as long as it is not transformed, in panels.
package struct WinogradWeights: Sendable {
  package let form: WinogradForm
  package let transformation: KernelTransformation
  package let channels: Int
  package let filters: Int
  package let variant: KernelVariant
  private let panels: ByteBuffer

  /// Packs a dense kernel `[height, width, channels, filters]`, each filter times its factor in `scale` in double
  /// precision, and transforms it, in single precision, if that is to be done beforehand.
  package init(
    _ form: WinogradForm, _ kernel: Span<Float>,
    transformed transformation: KernelTransformation = .beforehand,
    channels: Int, filters: Int, scale: [Double]? = nil, packing: Packing = Packing(),
    variant: KernelVariant = .preferred
  ) {
    self.form = form
    self.transformation = transformation
    self.channels = channels
    self.filters = filters
    self.variant = variant
    panels = packing.room(
      for: Self.byteCount(
        form, transformed: transformation, channels: channels, filters: filters, variant: variant))
    unsafe packPanels(
      kernel, depth: form.height * form.width * channels, columns: filters, scale: scale, into: panels,
      pool: packing.pool, variant.panelColumns, transformation.pack(form, variant))
  }

  /// How many bytes the panels take.
  package static func byteCount(
    _ form: WinogradForm, transformed transformation: KernelTransformation, channels: Int, filters: Int,
    variant: KernelVariant
  ) -> Int {
    let matrices = transformation == .beforehand ? form.points : form.height * form.width
    return matrices * channels * variant.wholeVectors(filters) * ScalarType.float32.byteCount
  }

  /// The first panel.
  @unsafe var pointer: UnsafePointer<Float> { unsafe panels.floats }

  /// Computes `tiles` tiles on all threads, each with scratch of its own.
  @unsafe func convolve(
    _ work: kernels_convolution, tiles: Int, pool: ThreadPool,
    scratch: @escaping @Sendable (_ thread: Int) -> UnsafeMutablePointer<Float>
  ) {
    let partition = unsafe Partition(
      transforming: tiles, block: form.functions(variant).block(), columns: filters,
      panel: variant.panelColumns, threads: pool.threadCount)
    let compute = unsafe transformation.run(form, variant)
    pool.forEach(partition.taskCount) { task, thread in
      let (rows, columns) = (partition.rows(of: task), partition.columns(of: task))
      unsafe withUnsafePointer(to: work) { work in
        unsafe compute(
          work, scratch(thread), rows.lowerBound, rows.upperBound, columns.lowerBound, columns.upperBound)
      }
    }
  }
}
