import CKernels
import Tensors

/// A pointwise convolution of pixels that are there, or computed on the way, by Strassen's algorithm: seven eighths of the
/// products.
package struct StrassenStep: KernelStep {
  private let connection: Connection
  private let source: PixelSource
  private let weights: StrassenWeights

  /// - Parameter source: where the pixels are, or what computes them: of a depthwise convolution one filter a channel.
  package init(
    of source: PixelSource, weights: StrassenWeights, epilogue: Epilogue, from input: Place, to output: Place
  ) {
    precondition(weights.channels == source.channels && source.channels == source.window.input.channels)
    connection = Connection(window: source.window, epilogue: epilogue, from: input, to: output)
    self.source = source
    self.weights = weights
  }

  /// Bytes of scratch a thread needs.
  package static func scratch(channels: Int, variant: KernelVariant) -> Int {
    unsafe variant.table.strassen_scratch(channels) * ScalarType.float32.byteCount
  }

  package func run(images: Int, in workspace: Workspace) {
    let work = unsafe connection.description(
      weights.pointer, filters: weights.filters, images: images, in: workspace)
    let pixels = connection.window.outputHeight * connection.window.outputWidth
    unsafe run(work, pairs: images * ((pixels + 1) / 2), images: images, in: workspace)
  }

  package var computedShare: Double {
    let area = Double(source.productsPerResult)
    let filters = Double(weights.filters)
    return (area + filters * 7 / 8) / (area + filters)
  }

  @unsafe private func run(_ work: kernels_convolution, pairs: Int, images: Int, in workspace: Workspace) {
    let table = unsafe weights.variant.table
    let partition = unsafe Partition(
      transforming: pairs, block: Int(KERNELS_STRASSEN_PAIRS), columns: weights.columnsOfHalf,
      panel: table.panel_columns, threads: workspace.pool.threadCount)
    let first =
      unsafe source.isThere
      ? nil : source.description(reading: connection.input, images: images, in: workspace)
    workspace.pool.forEach(partition.taskCount) { task, thread in
      let (rows, columns) = (partition.rows(of: task), partition.columns(of: task))
      unsafe withUnsafePointer(to: work) { work in
        unsafe withOptionalPointer(to: first) { first in
          unsafe table.strassen(
            work, first, workspace.scratch(thread: thread), rows.lowerBound, rows.upperBound,
            columns.lowerBound, columns.upperBound)
        }
      }
    }
  }
}

@unsafe private func withOptionalPointer<Value>(to value: Value?, _ body: (UnsafePointer<Value>?) -> Void) {
  guard let value = value else { return body(nil) }
  unsafe withUnsafePointer(to: value) { unsafe body($0) }
}

/// A matrix combined for ``StrassenStep``: seven matrices of half the depth and half the columns, each in panels.
package struct StrassenWeights: Sendable {
  package let channels: Int
  package let filters: Int
  package let variant: KernelVariant
  private let panels: ByteBuffer

  /// Combines and packs a row-major `[channels, filters]` matrix, each column times its factor in `scale`.
  ///
  /// - Precondition: the number of channels is even.
  package init(
    _ matrix: Span<Float>, channels: Int, filters: Int, scale: [Double]? = nil, packing: Packing = Packing(),
    variant: KernelVariant = .preferred
  ) {
    precondition(channels % 2 == 0, "StrassenWeights: \(channels) channels cannot be halved")
    self.channels = channels
    self.filters = filters
    self.variant = variant
    panels = packing.room(for: Self.byteCount(channels: channels, filters: filters, variant: variant))
    unsafe packPanels(
      matrix, depth: channels, columns: filters, packing: columnsOfHalf, scale: scale, into: panels,
      pool: packing.pool, variant.panelColumns, variant.table.pack_strassen)
  }

  /// How many bytes the panels take.
  package static func byteCount(channels: Int, filters: Int, variant: KernelVariant) -> Int {
    7 * channels / 2 * half(of: filters, variant) * ScalarType.float32.byteCount
  }

  var columnsOfHalf: Int { Self.half(of: filters, variant) }

  private static func half(of filters: Int, _ variant: KernelVariant) -> Int {
    variant.wholeVectors((filters + 1) / 2)
  }

  /// The first panel.
  @unsafe var pointer: UnsafePointer<Float> { unsafe panels.floats }
}
