import Kernels
import Tensors

/// Features with their classes, of which discriminants are made.
struct DiscriminantSamples {
  /// Rows that are multiplied at a time.
  private static let block = 1024

  private let features: Tensor
  private let classes: [Int]
  private let outputs: Int
  private let pool: ThreadPool
  /// The mean of all features, which is taken away from every row: what is left is small, and sums of its squares are exact enough.
  private let center: [Float]
  private var width: Int { features.shape[1] }

  init(_ features: Tensor, _ classes: [Int], pool: ThreadPool) {
    (self.features, self.classes, self.pool) = (features, classes, pool)
    outputs = (classes.max() ?? 0) + 1
    let (width, scalars) = (features.shape[1], features.scalars)
    let source = scalars.span
    var sums = [Double](repeating: 0, count: width)
    var target = sums.mutableSpan
    for row in classes.indices {
      Rows.add(source.extracting(row * width..<(row + 1) * width), times: 1, to: &target)
    }
    center = sums.map { Float($0 / Double(max(1, classes.count))) }
  }

  /// A probability of 0 for every class of every sample.
  var noProbabilities: [Float] { [Float](repeating: 0, count: classes.count * outputs) }

  /// Counts, sums and sums of products of some rows.
  func moments(_ rows: [Int], _ isCancelled: () -> Bool) -> DiscriminantMoments {
    var moments = DiscriminantMoments(outputs: outputs, width: width)
    var products = [Float](repeating: 0, count: moments.products.count)
    var target = products.mutableSpan
    for start in stride(from: 0, to: rows.count, by: Self.block) where !isCancelled() {
      let part = rows[start..<min(rows.count, start + Self.block)]
      let block = gathered(part)
      moments.add(block, part.map { classes[$0] })
      if moments.isDiagonal {
        for (index, value) in block.enumerated() { target[index % width] += value * value }
      } else {
        matrixMultiply(
          block.span, leftOrientation: .transposed, block.span, into: &target, rows: width, columns: width,
          depth: part.count, accumulating: start > 0, pool: pool)
      }
    }
    moments.products = products.map { Double($0) }
    return moments
  }

  /// Rows one behind the other, less the mean of all.
  private func gathered(_ rows: ArraySlice<Int>) -> [Float] {
    let (width, scalars) = (width, features.scalars)
    let source = scalars.span
    var block: [Float] = []
    block.reserveCapacity(rows.count * width)
    for row in rows {
      let sample = source.extracting(row * width..<(row + 1) * width)
      for column in 0..<width { block.append(sample[column] - center[column]) }
    }
    return block
  }

  /// The scores of some rows, `[rows, outputs]`.
  func scores(_ rows: [Int], by discriminant: DiscriminantScores) -> [Float] {
    var scores: [Float] = []
    scores.reserveCapacity(rows.count * outputs)
    for start in stride(from: 0, to: rows.count, by: Self.block) {
      let part = rows[start..<min(rows.count, start + Self.block)]
      let product = matrixMultiply(
        gathered(part), discriminant.directions, rightOrientation: .transposed, rows: part.count,
        columns: outputs, depth: width, pool: pool)
      for (index, value) in product.enumerated() {
        scores.append(value + discriminant.offsets[index % outputs])
      }
    }
    return scores
  }

  /// Puts what comes of the scores of some rows where all probabilities are.
  func put(_ scores: [Float], of rows: [Int], temperature: Double, into probabilities: inout [Float]) {
    for (place, row) in rows.enumerated() {
      let found = BrierTally.softmax(
        scores[place * outputs..<(place + 1) * outputs], temperature: temperature)
      for (index, value) in found.enumerated() { probabilities[row * outputs + index] = Float(value) }
    }
  }
}

/// A score for every class: a product with the features, and something that does not depend on them.
struct DiscriminantScores {
  /// `[outputs, width]`
  let directions: [Float]
  let offsets: [Float]
}
