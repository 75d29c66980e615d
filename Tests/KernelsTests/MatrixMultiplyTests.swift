import TestSupport
import Testing

import Kernels

@Suite struct MatrixMultiplyTests {
  /// Sizes around the edges of a tile `size` long.
  static func edges(of size: Int) -> [Int] { [1, size - 1, size, size + 1, 2 * size + 3] }

  static func reference(
    _ left: [Float], _ right: [Float], rows: Int, columns: Int, depth: Int
  ) -> [Float] {
    (0..<rows * columns).map { index in
      let (row, column) = (index / columns, index % columns)
      return Float(
        (0..<depth).reduce(0.0) {
          $0 + Double(left[row * depth + $1]) * Double(right[$1 * columns + column])
        })
    }
  }

  static func transposed(_ matrix: [Float], rows: Int, columns: Int) -> [Float] {
    (0..<rows * columns).map { matrix[($0 % rows) * columns + $0 / rows] }
  }

  @Test(arguments: KernelVariant.supported) func everyTileEdge(variant: KernelVariant) {
    for rows in Self.edges(of: variant.tileRows) + [97] {
      for columns in Self.edges(of: variant.panelColumns) {
        for depth in [1, 2, 17, 385] {
          let left = noise(rows * depth, seed: 1)
          let right = noise(depth * columns, seed: 2)
          let expected = Self.reference(left, right, rows: rows, columns: columns, depth: depth)
          let closeness = Closeness(
            matrixMultiply(left, right, rows: rows, columns: columns, depth: depth, variant: variant),
            expected)
          #expect(
            closeness.isWithin(relative: 1e-5, absolute: 1e-6),
            "\(rows) x \(columns) x \(depth): \(closeness)")
        }
      }
    }
  }

  @Test(arguments: KernelVariant.supported) func transposedOperandsGiveTheSameBits(variant: KernelVariant) {
    let (rows, columns, depth) = (13, 37, 29)
    let left = noise(rows * depth, seed: 3)
    let right = noise(depth * columns, seed: 4)
    let leftTransposed = Self.transposed(left, rows: rows, columns: depth)
    let rightTransposed = Self.transposed(right, rows: depth, columns: columns)
    let plain = matrixMultiply(left, right, rows: rows, columns: columns, depth: depth, variant: variant)
    #expect(
      plain
        == matrixMultiply(
          leftTransposed, leftOrientation: .transposed, right, rows: rows, columns: columns, depth: depth,
          variant: variant))
    #expect(
      plain
        == matrixMultiply(
          left, rightTransposed, rightOrientation: .transposed, rows: rows, columns: columns, depth: depth,
          variant: variant))
  }

  @Test(arguments: KernelVariant.supported) func accumulatingAddsToWhatIsThere(variant: KernelVariant) {
    let (rows, columns, depth) = (7, 19, 800)
    let left = noise(rows * depth, seed: 5)
    let right = noise(depth * columns, seed: 6)
    let before = noise(rows * columns, seed: 7)
    var product = before
    var output = product.mutableSpan
    matrixMultiply(
      left.span, right.span, into: &output, rows: rows, columns: columns, depth: depth,
      accumulating: true, variant: variant)
    let expected = zip(before, Self.reference(left, right, rows: rows, columns: columns, depth: depth)).map(+)
    let closeness = Closeness(product, expected)
    #expect(closeness.isWithin(relative: 1e-5), "\(closeness)")
  }

  @Test(arguments: KernelVariant.supported) func sameBitsForAnyThreadCount(variant: KernelVariant) {
    let (rows, columns, depth) = (203, 150, 420)
    let left = noise(rows * depth, seed: 8)
    let right = noise(depth * columns, seed: 9)
    let results = [1, 2, 3, 5].map { threads in
      matrixMultiply(
        left, right, rows: rows, columns: columns, depth: depth, pool: ThreadPool(threads: threads),
        variant: variant)
    }
    for result in results { #expect(result == results[0]) }
  }

  @Test func nothingToMultiply() {
    #expect(matrixMultiply([], [], rows: 2, columns: 2, depth: 0) == [0, 0, 0, 0])
    #expect(matrixMultiply([], [1, 2], rows: 0, columns: 1, depth: 2) == [])
  }
}
