import Kernels

/// The lower triangular factor of a symmetric positive definite matrix.
struct CholeskyFactor {
  /// The least square of a pivot: of a matrix that is not quite definite, some factor is still found.
  private static let leastPivot = 1e-12

  let width: Int
  /// `[width, width]`; what is above the diagonal means nothing.
  private var elements: [Double]

  /// - Parameters:
  ///   - matrix: `[width, width]`, of which the lower half is read.
  ///   - isCancelled: asked for every row; yes ends the work, and the factor means nothing.
  /// - Complexity: O(width³).
  init(_ matrix: consuming [Double], width: Int, isCancelled: () -> Bool) {
    self.width = width
    elements = matrix
    for row in 0..<width where !isCancelled() {
      for column in 0...row {
        let sum = Rows.dot(
          elements.span.extracting(row * width..<row * width + column),
          elements.span.extracting(column * width..<column * width + column))
        let rest = elements[row * width + column] - sum
        elements[row * width + column] =
          column < row
          ? rest / elements[column * width + column] : max(rest, Self.leastPivot).squareRoot()
      }
    }
  }

  /// The inverse of the factor, `[width, width]`, lower triangular.
  ///
  /// - Complexity: O(width³).
  func inverse(isCancelled: () -> Bool) -> [Double] {
    var inverse = [Double](repeating: 0, count: width * width)
    // A row of the inverse is the unit row less the rows above it, as much of each as the factor has.
    for row in 0..<width where !isCancelled() {
      var line = [Double](repeating: 0, count: width)
      line[row] = 1
      var target = line.mutableSpan
      for above in 0..<row {
        Rows.add(
          inverse.span.extracting(above * width..<(above + 1) * width),
          times: -elements[row * width + above], to: &target)
      }
      let pivot = elements[row * width + row]
      for column in 0...row { inverse[row * width + column] = line[column] / pivot }
    }
    return inverse
  }

  /// What the matrix makes `right` of.
  ///
  /// - Complexity: O(width²).
  func solution(of right: [Double]) -> [Double] {
    var solution = right
    for row in 0..<width {
      let sum = Rows.dot(
        elements.span.extracting(row * width..<row * width + row), solution.span.extracting(0..<row))
      solution[row] = (solution[row] - sum) / elements[row * width + row]
    }
    for row in (0..<width).reversed() {
      let value = solution[row] / elements[row * width + row]
      solution[row] = value
      let source = elements.span.extracting(row * width..<row * width + row)
      for column in 0..<row { solution[column] -= value * source[column] }
    }
    return solution
  }
}
