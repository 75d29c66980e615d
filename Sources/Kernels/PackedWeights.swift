import CKernels
package import Tensors

/// The right side of a matrix product in the order the micro-kernel reads it: panels of columns, each
/// `[depth, panel columns]`.
package struct PackedWeights: Sendable {
  package let depth: Int
  package let columns: Int
  package let variant: KernelVariant
  /// What the packed elements are.
  package let scalarType = ScalarType.float32
  private let panels: ByteBuffer

  /// Packs a row-major `[depth, columns]` matrix (or its transpose), each column times its factor in `scale`
  /// in double precision.
  package init(
    _ matrix: Span<Float>, depth: Int, columns: Int, orientation: Orientation = .asUsed,
    scale: [Double]? = nil, packing: Packing = Packing(), variant: KernelVariant = .preferred
  ) {
    self.depth = depth
    self.columns = columns
    self.variant = variant
    panels = packing.room(for: Self.byteCount(depth: depth, columns: columns, variant: variant))
    unsafe packPanels(
      matrix, depth: depth, columns: columns, orientation: orientation, scale: scale, into: panels,
      pool: packing.pool, variant.table.panel_columns, variant.table.pack)
  }

  /// How many bytes the panels take.
  package static func byteCount(depth: Int, columns: Int, variant: KernelVariant) -> Int {
    depth * variant.wholeVectors(columns) * ScalarType.float32.byteCount
  }

  /// The first panel.
  @unsafe var pointer: UnsafePointer<Float> { unsafe panels.floats }
}

/// A function that packs some columns of a matrix.
typealias PackFunction =
  @convention(c) (
    UnsafePointer<kernels_right_side>?, UnsafeMutablePointer<Float>?, Int, Int
  ) -> Void

/// Packs all columns of a matrix on all threads; with `packing` the panels cover only so many.
@unsafe func packPanels(
  _ matrix: Span<Float>, depth: Int, columns: Int, packing: Int? = nil, orientation: Orientation = .asUsed,
  scale: [Double]?,
  into panels: ByteBuffer, pool: ThreadPool, _ panelColumns: Int, _ pack: PackFunction
) {
  precondition(
    matrix.count == depth * columns && (scale?.count ?? columns) == columns,
    "packPanels: \(matrix.count) elements are not \(depth) x \(columns)")
  unsafe matrix.withUnsafeBufferPointer { source in
    unsafe withFactors(scale) { factors in
      let right = unsafe kernels_right_side(
        source: source.baseAddress, depth: depth, columns: columns,
        depth_stride: orientation == .asUsed ? columns : 1,
        column_stride: orientation == .asUsed ? 1 : depth, scale: factors)
      let packed = packing ?? columns
      // Weights are read row by row: two panels at a time, for longer pieces of rows.
      let together = 2 * panelColumns
      pool.forEach((packed + together - 1) / together) { task, _ in
        unsafe withUnsafePointer(to: right) { right in
          unsafe pack(
            right, panels.floats(count: panels.byteCount / 4), task * together,
            min(packed, (task + 1) * together))
        }
      }
    }
  }
}

@unsafe private func withFactors(_ scale: [Double]?, _ body: (UnsafePointer<Double>?) -> Void) {
  guard let scale else { return body(nil) }
  unsafe scale.withUnsafeBufferPointer { unsafe body($0.baseAddress) }
}

/// Where weights are packed, and by which threads.
package struct Packing: Sendable {
  package let pool: ThreadPool
  private let memory: ByteBuffer?

  /// - Parameter memory: what the weights packed here take turns in: only those packed last hold. Nil where each are to
  ///   have memory of their own.
  package init(pool: ThreadPool = .shared, memory: ByteBuffer? = nil) {
    self.pool = pool
    self.memory = memory
  }

  /// Room for so many bytes: in the memory it was given, else of their own, for blocks that were counted before.
  func room(for byteCount: Int) -> ByteBuffer {
    guard let memory else { return ByteBuffer(counted: byteCount) }
    precondition(
      memory.byteCount >= byteCount, "Packing: \(byteCount) bytes; there is room for \(memory.byteCount)")
    return memory
  }
}
