import Foundation
import Kernels
import Synchronization
import Tensors

/// Features, what they are, and how many outputs shall tell them apart.
///
/// Features that are not in memory are read in pieces; no bit depends on whether they are, or on the number of threads.
struct LinearSamples: Sendable {
  let features: any SampleRows
  let classes: [Int]
  /// Features of one sample.
  let width: Int
  /// Logits of one sample; 1 for two classes behind a sigmoid.
  let outputs: Int
  let pool: ThreadPool

  /// Read at a time, of features that are not in memory.
  private static let pieceByteCount = 4 << 20

  /// Mean and standard deviation of every feature over `rows`; 1 in place of no deviation at all.
  func moments(_ rows: [Int]) throws(TrainingError) -> (means: [Double], deviations: [Double]) {
    var (means, squares) = ([Double](repeating: 0, count: width), [Double](repeating: 0, count: width))
    try forEachPiece(rows) { piece in
      for position in piece.positions {
        let start = piece.start(position)
        for index in 0..<width { means[index] += Double(piece.scalars[start + index]) }
      }
    }
    for index in 0..<width { means[index] /= Double(rows.count) }
    try forEachPiece(rows) { piece in
      for position in piece.positions {
        let start = piece.start(position)
        for index in 0..<width {
          let distance = Double(piece.scalars[start + index]) - means[index]
          squares[index] += distance * distance
        }
      }
    }
    return (means, squares.map { $0 > 0 ? ($0 / Double(rows.count)).squareRoot() : 1 })
  }

  /// The logits `[rows, outputs]` of a kernel stored `[outputs, width]`.
  func logits(_ rows: [Int], kernel: [Double], bias: [Double]) throws(TrainingError) -> [Double] {
    try blocks(rows.count, of: 64) { _, block throws(TrainingError) in
      let piece = try piece(rows, block)
      let (source, kernel) = (piece.scalars.span, kernel.span)
      var logits: [Double] = []
      logits.reserveCapacity(block.count * outputs)
      for position in block {
        let start = piece.start(position)
        let sample = source.extracting(start..<start + width)
        for output in 0..<outputs {
          let weights = kernel.extracting(output * width..<(output + 1) * width)
          logits.append(bias[output] + Rows.dot(sample, weights))
        }
      }
      return logits
    }.flatMap(\.self)
  }

  /// `transpose(residuals) * features`, the gradient by the kernel, as `[width, outputs]`.
  func slopes(_ rows: [Int], residuals: [Double]) throws(TrainingError) -> [Double] {
    let size = 256
    // For each block of columns `[outputs, columns]`.
    var sums = try blocks(width, of: size) { _, block in [Double](repeating: 0, count: outputs * block.count)
    }
    try forEachPiece(rows) { piece throws(TrainingError) in
      sums = try blocks(width, of: size) { [sums] task, block in
        adding(piece, residuals, columns: block, to: sums[task])
      }
    }
    return sums.flatMap { sums in
      let count = sums.count / outputs
      return (0..<count * outputs).map { sums[$0 % outputs * count + $0 / outputs] }
    }
  }

  /// `sums`, of some columns, and what the rows of a piece add to them.
  private func adding(
    _ piece: Piece, _ residuals: [Double], columns: Range<Int>, to sums: [Double]
  ) -> [Double] {
    let source = piece.scalars.span
    var sums = (0..<outputs).map { Array(sums[$0 * columns.count..<($0 + 1) * columns.count]) }
    for position in piece.positions {
      let start = piece.start(position)
      let sample = source.extracting(start + columns.lowerBound..<start + columns.upperBound)
      for output in 0..<outputs {
        var target = sums[output].mutableSpan
        Rows.add(sample, times: residuals[position * outputs + output], to: &target)
      }
    }
    return sums.flatMap(\.self)
  }

  /// What `body` makes of ranges that tile `0..<count`: the ranges depend on `count` alone, so that no bit depends on the
  /// number of threads.
  private func blocks(
    _ count: Int, of size: Int,
    _ body: @escaping @Sendable (_ task: Int, _ block: Range<Int>) throws(TrainingError) -> [Double]
  ) throws(TrainingError) -> [[Double]] {
    let tasks = (count + size - 1) / size
    let parts = Parts(tasks)
    pool.forEach(tasks) { task, _ in
      do throws(TrainingError) {
        let part = try body(task, task * size..<min(count, (task + 1) * size))
        parts.values.withLock { $0[task] = part }
      } catch {
        parts.failure.withLock { $0 = $0 ?? error }
      }
    }
    if let failure = parts.failure.withLock(\.self) { throw failure }
    return parts.values.withLock(\.self)
  }

  private final class Parts: Sendable {
    let values: Mutex<[[Double]]>
    let failure = Mutex<TrainingError?>(nil)
    init(_ count: Int) { values = Mutex([[Double]](repeating: [], count: count)) }
  }
}

extension LinearSamples {
  /// Rows at hand: all of a table in memory, or some that were read.
  struct Piece: Sendable {
    /// Which of the rows that were asked for they are.
    let positions: Range<Int>
    let scalars: [Float]
    fileprivate let width: Int
    /// Where the rows are in a table; nil where they were read one after the other.
    fileprivate let rows: [Int]?

    /// Where the row at `position` begins.
    func start(_ position: Int) -> Int {
      (rows.map { $0[position] } ?? position - positions.lowerBound) * width
    }
  }

  /// The rows at `positions` of `rows`.
  private func piece(_ rows: [Int], _ positions: Range<Int>) throws(TrainingError) -> Piece {
    if let tensor = features as? Tensor {
      return Piece(positions: positions, scalars: tensor.scalars, width: width, rows: rows)
    }
    var scalars = [Float](repeating: 0, count: positions.count * width)
    var target = scalars.mutableSpan
    for (place, position) in positions.enumerated() {
      try features.read(rows[position], into: &target, at: place * width)
    }
    return Piece(positions: positions, scalars: scalars, width: width, rows: nil)
  }

  /// Gives `body` the rows in their order: at once where they are in memory.
  private func forEachPiece(
    _ rows: [Int], _ body: (Piece) throws(TrainingError) -> Void
  ) throws(TrainingError) {
    let most =
      features is Tensor ? max(1, rows.count) : max(1, Self.pieceByteCount / (4 * max(1, width)))
    for start in stride(from: 0, to: rows.count, by: most) {
      try body(piece(rows, start..<min(start + most, rows.count)))
    }
  }
}
