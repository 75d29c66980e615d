import CKernels

/// How a matrix lies in memory compared with how a product uses it.
package enum Orientation: Sendable {
  /// Row-major, as used.
  case asUsed
  /// The row-major transpose of what is used.
  case transposed
}

/// `product = left x right`, row-major and dense: `[rows, columns] = [rows, depth] x [depth, columns]`.
///
/// With `.transposed` the operand is stored as `[depth, rows]` or `[columns, depth]`. With `accumulating` the
/// result is added to what `product` holds. The same bits for any number of threads.
///
/// - Precondition: the spans hold exactly as many elements as the sizes say.
/// - Complexity: O(rows x columns x depth).
package func matrixMultiply(
  _ left: Span<Float>, leftOrientation: Orientation = .asUsed,
  _ right: Span<Float>, rightOrientation: Orientation = .asUsed,
  into product: inout MutableSpan<Float>, rows: Int, columns: Int, depth: Int,
  accumulating: Bool = false, pool: ThreadPool = .shared, variant: KernelVariant = .preferred
) {
  precondition(
    left.count == rows * depth && right.count == depth * columns && product.count == rows * columns,
    "matrixMultiply: \(left.count), \(right.count) and \(product.count) elements are not "
      + "\(rows) x \(depth), \(depth) x \(columns) and \(rows) x \(columns)")
  guard rows > 0, columns > 0 else { return }
  guard depth > 0 else {
    if !accumulating { for index in product.indices { product[index] = 0 } }
    return
  }
  let weights = PackedWeights(
    right, depth: depth, columns: columns, orientation: rightOrientation, packing: Packing(pool: pool),
    variant: variant)
  let dense = leftOrientation == .asUsed ? nil : transposing(left, rows: depth, columns: rows)
  unsafe left.withUnsafeBufferPointer { stored in
    unsafe product.withUnsafeMutableBufferPointer { output in
      var work = unsafe kernels_convolution()
      unsafe work.window = kernels_window(
        rowsAt: dense.map { unsafe $0.floats } ?? stored.baseAddress,
        rows: rows,
        depth: depth)
      unsafe work.panels = weights.pointer
      unsafe work.filters = columns
      unsafe work.output = output.baseAddress
      unsafe work.output_stride = columns
      unsafe work.epilogue.accumulates = accumulating
      unsafe convolve(work, rows: rows, variant: variant, pool: pool)
    }
  }
  withExtendedLifetime((weights, dense)) {}
}

/// `left x right` as a new array; see the version that writes into a span.
package func matrixMultiply(
  _ left: [Float], leftOrientation: Orientation = .asUsed,
  _ right: [Float], rightOrientation: Orientation = .asUsed,
  rows: Int, columns: Int, depth: Int, pool: ThreadPool = .shared, variant: KernelVariant = .preferred
) -> [Float] {
  var product = [Float](repeating: 0, count: rows * columns)
  var output = product.mutableSpan
  matrixMultiply(
    left.span, leftOrientation: leftOrientation, right.span, rightOrientation: rightOrientation,
    into: &output, rows: rows, columns: columns,
    depth: depth, pool: pool, variant: variant)
  return product
}

/// The transpose of a row-major `[rows, columns]` matrix.
private func transposing(_ matrix: Span<Float>, rows: Int, columns: Int) -> ByteBuffer {
  let result = ByteBuffer(counted: rows * columns * 4)
  let target = unsafe result.floats(count: rows * columns)
  for row in 0..<rows {
    for column in 0..<columns { unsafe target[column * rows + row] = matrix[row * columns + column] }
  }
  return result
}

extension kernels_window {
  /// The window of a matrix product: one pixel of `depth` channels a row.
  @unsafe init(rowsAt input: UnsafePointer<Float>?, rows: Int, depth: Int) {
    unsafe self.init(
      input: input, input_height: 1, input_width: rows, input_channels: depth, input_stride: depth,
      output_height: 1, output_width: rows, window_height: 1, window_width: 1, step_y: 1, step_x: 1,
      dilation_y: 1, dilation_x: 1, top: 0, left: 0)
  }
}
