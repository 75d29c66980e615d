package import Kernels

/// Compares every row with every other, block by block.
///
/// - Complexity: O(N² C) in time; O(block²) in memory beside the rows.
package struct SimilarityScan {
  /// Rows that are compared with as many others at a time.
  private static let block = 512

  private let rows: UnitRows
  private let pool: ThreadPool

  /// A scan of `rows` on the threads of `pool`.
  package init(_ rows: UnitRows, pool: ThreadPool) { (self.rows, self.pool) = (rows, pool) }

  /// Similarities of rows with later ones, and with themselves at the diagonal.
  struct Block {
    let upper: Range<Int>
    let lower: Range<Int>
    /// `[upper, lower]`
    let similarities: [Float]
  }

  /// Calls `body` with every block on and above the diagonal.
  ///
  /// - Parameters:
  ///   - progress: told at the beginning and after each row of blocks how many of the pairs of rows have been compared.
  ///   - isCancelled: asked before every block; yes ends the scan.
  func forEachBlock(
    progress: (_ done: Int, _ total: Int) -> Void, isCancelled: () -> Bool, _ body: (Block) -> Void
  ) {
    let (count, width) = (rows.count, rows.width)
    var buffer: [Float] = []
    progress(0, Self.pairs(count))
    for top in stride(from: 0, to: count, by: Self.block) {
      let upper = top..<min(count, top + Self.block)
      for left in stride(from: top, to: count, by: Self.block) {
        guard !isCancelled() else { return }
        let lower = left..<min(count, left + Self.block)
        buffer = [Float](repeating: 0, count: upper.count * lower.count)
        var target = buffer.mutableSpan
        let scalars = rows.scalars
        let source = scalars.span
        matrixMultiply(
          source.extracting(upper.lowerBound * width..<upper.upperBound * width),
          source.extracting(lower.lowerBound * width..<lower.upperBound * width),
          rightOrientation: .transposed, into: &target, rows: upper.count, columns: lower.count, depth: width,
          pool: pool)
        body(Block(upper: upper, lower: lower, similarities: buffer))
      }
      progress(Self.pairs(count) - Self.pairs(count - upper.upperBound), Self.pairs(count))
    }
  }

  private static func pairs(_ count: Int) -> Int { count * (count - 1) / 2 }
}

extension SimilarityScan {
  /// Rows that are nearly the same: of every row the first of its group, itself where it is alone.
  ///
  /// Two rows are in a group where a chain of rows leads from one to the other, each as similar to the next as `threshold`.
  ///
  /// - Parameters:
  ///   - threshold: the least cosine similarity.
  ///   - known: pairs that are the same whatever their rows are.
  package func groups(
    threshold: Float, known: [[Int]] = [], progress: (_ done: Int, _ total: Int) -> Void = { _, _ in },
    isCancelled: () -> Bool = { false }
  ) -> [Int] {
    var sets = DisjointSets(count: rows.count)
    for group in known {
      for other in group.dropFirst() { sets.unite(group[0], other) }
    }
    forEachBlock(progress: progress, isCancelled: isCancelled) { block in
      let values = block.similarities
      let similarities = values.span
      for (offset, row) in block.upper.enumerated() {
        let start = offset * block.lower.count
        for (column, other) in block.lower.enumerated()
        where similarities[start + column] >= threshold && other > row {
          sets.unite(row, other)
        }
      }
    }
    return (0..<rows.count).map { sets.first(of: $0) }
  }
}

/// Sets of numbers that are united again and again; the least number of each stands for it.
private struct DisjointSets {
  private var parents: [Int]

  init(count: Int) { parents = Array(0..<count) }

  mutating func first(of number: Int) -> Int {
    var number = number
    while parents[number] != number {
      parents[number] = parents[parents[number]]
      number = parents[number]
    }
    return number
  }

  mutating func unite(_ left: Int, _ right: Int) {
    let (left, right) = (first(of: left), first(of: right))
    if left != right { parents[max(left, right)] = min(left, right) }
  }
}
