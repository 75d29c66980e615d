import Kernels

/// A linear map after which features vary alike in all directions: the inverse of the Cholesky factor of their covariance.
///
/// The covariance is estimated from samples that may be fewer than its columns, so a part of its mean variance is added to
/// every variance (Ledoit and Wolf, 2004, with a fixed part).
struct Whitening {
  /// Covariances of more features than these are taken for none: their matrix would take too long.
  static let mostColumns = 4096
  /// Rows that are multiplied at a time.
  private static let block = 1024

  private let width: Int
  /// `[width, width]`, lower triangular; or the diagonal alone.
  private let inverse: [Float]
  private var isDiagonal: Bool { inverse.count == width }

  /// - Parameters:
  ///   - rows: `[N, width]`, of mean 0.
  ///   - shrinkage: the part of the mean variance.
  init(of rows: [Float], width: Int, shrinkage: Double, pool: ThreadPool, isCancelled: () -> Bool) {
    self.width = width
    let count = Double(max(1, rows.count / max(1, width)))
    guard width <= Self.mostColumns else {
      var squares = [Double](repeating: 0, count: width)
      for (index, value) in rows.enumerated() { squares[index % width] += Double(value) * Double(value) }
      let floor = Self.floor(squares.map { $0 / count }, shrinkage)
      inverse = squares.map { Float(1 / ($0 / count + floor).squareRoot()) }
      return
    }
    var matrix = Self.products(rows, width, pool, isCancelled).map { Double($0) / count }
    let floor = Self.floor((0..<width).map { matrix[$0 * width + $0] }, shrinkage)
    for index in 0..<width { matrix[index * width + index] += floor }
    inverse = CholeskyFactor(matrix, width: width, isCancelled: isCancelled)
      .inverse(isCancelled: isCancelled).map { Float($0) }
  }

  private static func floor(_ variances: [Double], _ shrinkage: Double) -> Double {
    max(shrinkage * variances.reduce(0, +) / Double(max(1, variances.count)), 1e-12)
  }

  /// `transpose(rows) * rows`
  private static func products(
    _ rows: [Float], _ width: Int, _ pool: ThreadPool, _ isCancelled: () -> Bool
  ) -> [Float] {
    var products = [Float](repeating: 0, count: width * width)
    var target = products.mutableSpan
    let count = rows.count / max(1, width)
    for start in stride(from: 0, to: count, by: block) where !isCancelled() {
      let depth = min(block, count - start)
      let part = rows.span.extracting(start * width..<(start + depth) * width)
      matrixMultiply(
        part, leftOrientation: .transposed, part, into: &target, rows: width, columns: width, depth: depth,
        accumulating: start > 0, pool: pool)
    }
    return products
  }

  /// The rows in the directions of the map.
  func applied(to rows: [Float], pool: ThreadPool) -> [Float] {
    guard !isDiagonal else { return rows.enumerated().map { $1 * inverse[$0 % width] } }
    let count = rows.count / max(1, width)
    return matrixMultiply(
      rows, inverse, rightOrientation: .transposed, rows: count, columns: width, depth: width, pool: pool)
  }
}
