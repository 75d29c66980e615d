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
  /// Row by row, one that is in no group is the first of its own, and all later ones that are in none and are as similar to it as
  /// `threshold` are in that group: no chain of rows leads further from the first.
  ///
  /// - Parameters:
  ///   - threshold: the least cosine similarity to the first row of a group.
  ///   - known: rows that are the same whatever is in them.
  package func groups(
    threshold: Float, known: [[Int]] = [], progress: (_ done: Int, _ total: Int) -> Void = { _, _ in },
    isCancelled: () -> Bool = { false }
  ) -> [Int] {
    var firsts = Array(0..<rows.count)
    // Those that are the same go where the first of them goes.
    let followers = known.flatMap { group in group.dropFirst().map { (row: $0, first: group[0]) } }
    var isFollower = [Bool](repeating: false, count: rows.count)
    for follower in followers { isFollower[follower.row] = true }
    forEachBlock(progress: progress, isCancelled: isCancelled) { block in
      let values = block.similarities
      let similarities = values.span
      for (offset, row) in block.upper.enumerated() where firsts[row] == row && !isFollower[row] {
        let start = offset * block.lower.count
        for (column, other) in block.lower.enumerated()
        where similarities[start + column] >= threshold && other > row && firsts[other] == other {
          if !isFollower[other] { firsts[other] = row }
        }
      }
    }
    for follower in followers { firsts[follower.row] = firsts[follower.first] }
    return firsts
  }
}
