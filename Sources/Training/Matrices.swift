import Kernels

/// The three products training is made of, over row-major matrices: `[rows, inner]` times `[inner, columns]`.
///
/// Large kernels go through in blocks whose size depends on the kernel alone, so that what is packed for the
/// multiplication stays small, and every row's bits are the same in any batch and with any number of threads.
enum Matrices {
  /// Elements of a kernel that are packed at a time: a second-level cache holds them.
  private static let block = 1 << 18

  /// `result = input * kernel`
  static func product(
    _ input: Span<Float>, _ kernel: Span<Float>, into result: inout MutableSpan<Float>,
    rows: Int, inner: Int, columns: Int, pool: ThreadPool
  ) {
    let most = max(1, block / max(1, columns))
    guard inner > most else {
      return matrixMultiply(
        input, kernel, into: &result, rows: rows, columns: columns, depth: inner, pool: pool)
    }
    var part: [Float] = []
    for start in stride(from: 0, to: inner, by: most) {
      let depth = min(most, inner - start)
      Rows.gatherColumns(input, start..<start + depth, of: inner, into: &part)
      matrixMultiply(
        part.span, kernel.extracting(start * columns..<(start + depth) * columns), into: &result,
        rows: rows, columns: columns, depth: depth, accumulating: start > 0, pool: pool)
    }
  }

  /// `result = transpose(input) * gradient`, where `input` is stored as `[inner, rows]`.
  static func productTransposingInput(
    _ input: Span<Float>, _ gradient: Span<Float>, into result: inout MutableSpan<Float>,
    rows: Int, inner: Int, columns: Int, pool: ThreadPool
  ) {
    matrixMultiply(
      input, leftOrientation: .transposed, gradient, into: &result, rows: rows, columns: columns,
      depth: inner, pool: pool)
  }

  /// `result = gradient * transpose(kernel)`, where `kernel` is stored as `[columns, inner]`.
  static func productTransposingKernel(
    _ gradient: Span<Float>, _ kernel: Span<Float>, into result: inout MutableSpan<Float>,
    rows: Int, inner: Int, columns: Int, pool: ThreadPool
  ) {
    matrixMultiply(
      gradient, kernel, rightOrientation: .transposed, into: &result, rows: rows, columns: columns,
      depth: inner, pool: pool)
  }
}
