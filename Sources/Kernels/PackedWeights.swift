import CKernels

/// The right side of a matrix product in the order the micro-kernel reads it: panels of columns, each
/// `[depth, panel columns]`.
package struct PackedWeights: Sendable {
  package let depth: Int
  package let columns: Int
  package let variant: KernelVariant
  private let panels: FloatBuffer

  /// Packs a row-major `[depth, columns]` matrix (or its transpose), each column times its factor in `scale`
  /// in double precision.
  package init(
    _ matrix: Span<Float>, depth: Int, columns: Int, orientation: Orientation = .asUsed,
    scale: [Double]? = nil, pool: ThreadPool = .shared, variant: KernelVariant = .preferred
  ) {
    precondition(matrix.count == depth * columns && (scale?.count ?? columns) == columns)
    self.depth = depth
    self.columns = columns
    self.variant = variant
    let lanes = variant.lanes
    let floats = depth * ((columns + lanes - 1) / lanes * lanes)
    panels = FloatBuffer(count: floats)
    let target = unsafe panels.pointer(0..<floats)
    unsafe matrix.withUnsafeBufferPointer { source in
      unsafe Self.withFactors(scale) { factors in
        let right = unsafe kernels_right_side(
          source: source.baseAddress, depth: depth, columns: columns,
          depth_stride: orientation == .asUsed ? columns : 1,
          column_stride: orientation == .asUsed ? 1 : depth, scale: factors)
        unsafe Self.pack(right, into: target, variant: variant, pool: pool)
      }
    }
  }

  /// The first panel.
  @unsafe var pointer: UnsafePointer<Float> { unsafe UnsafePointer(panels.pointer(0..<panels.count)) }

  @unsafe private static func withFactors(_ scale: [Double]?, _ body: (UnsafePointer<Double>?) -> Void) {
    guard let scale else { return body(nil) }
    unsafe scale.withUnsafeBufferPointer { unsafe body($0.baseAddress) }
  }

  @unsafe private static func pack(
    _ right: kernels_right_side, into target: UnsafeMutablePointer<Float>, variant: KernelVariant,
    pool: ThreadPool
  ) {
    let table = unsafe variant.table
    let width = unsafe table.panel_columns
    let columns = unsafe right.columns
    nonisolated(unsafe) let target = unsafe target
    pool.forEach((columns + width - 1) / width) { panel, _ in
      unsafe withUnsafePointer(to: right) { right in
        unsafe table.pack(right, target, panel * width, min(columns, (panel + 1) * width))
      }
    }
  }
}
