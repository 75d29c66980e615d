import Foundation
import Kernels
import Synchronization

/// Counts, sums and sums of products of rows by class, as many as are needed of them for a discriminant.
struct DiscriminantMoments {
  private let width: Int
  private var counts: [Int]
  private var sums: [[Double]]
  /// `[width, width]`, or the diagonal alone.
  var products: [Double]
  /// Whether only variances are looked at.
  var isDiagonal: Bool { width > Whitening.mostColumns }

  init(outputs: Int, width: Int) {
    self.width = width
    counts = [Int](repeating: 0, count: outputs)
    sums = [[Double]](repeating: [Double](repeating: 0, count: width), count: outputs)
    products = [Double](repeating: 0, count: width > Whitening.mostColumns ? width : width * width)
  }

  mutating func add(_ rows: [Float], _ classes: [Int]) {
    for (place, label) in classes.enumerated() {
      counts[label] += 1
      var target = sums[label].mutableSpan
      Rows.add(rows.span.extracting(place * width..<(place + 1) * width), times: 1, to: &target)
    }
  }

  /// Those of the rows that are in these and not in `other`.
  func less(_ other: DiscriminantMoments) -> DiscriminantMoments {
    var moments = self
    for label in counts.indices {
      moments.counts[label] -= other.counts[label]
      for column in 0..<width { moments.sums[label][column] -= other.sums[label][column] }
    }
    for index in products.indices { moments.products[index] -= other.products[index] }
    return moments
  }

  /// The discriminant of the rows, with the covariance within classes shrunk.
  func scores(shrinkage: Double, pool: ThreadPool, _ isCancelled: () -> Bool) -> DiscriminantScores {
    let means = zip(sums, counts).map { sum, count in sum.map { $0 / Double(max(1, count)) } }
    let covariance = shrunk(covariance(means), by: shrinkage)
    let factor = isDiagonal ? nil : CholeskyFactor(covariance, width: width, isCancelled: isCancelled)
    let total = Double(max(1, counts.reduce(0, +)))
    let solved = Mutex([[Double]](repeating: [], count: means.count))
    pool.forEach(means.count) { label, _ in
      let direction =
        factor?.solution(of: means[label]) ?? zip(means[label], covariance).map { $0 / $1 }
      solved.withLock { $0[label] = direction }
    }
    let directions = solved.withLock { $0 }
    let offsets = means.indices.map { label in
      let half = zip(means[label], directions[label]).reduce(0) { $0 + $1.0 * $1.1 } / 2
      return Float(log(Double(counts[label]) / total) - half)
    }
    return DiscriminantScores(directions: directions.flatMap { $0.map { Float($0) } }, offsets: offsets)
  }

  /// The covariance within classes: of the sums of products, less what the means of the classes explain of them.
  private func covariance(_ means: [[Double]]) -> [Double] {
    let total = Double(max(1, counts.reduce(0, +)))
    var covariance = products
    for (mean, count) in zip(means, counts) {
      guard !isDiagonal else {
        for column in 0..<width { covariance[column] -= Double(count) * mean[column] * mean[column] }
        continue
      }
      var target = covariance.mutableSpan
      for row in 0..<width {
        let factor = Double(count) * mean[row]
        for column in 0...row { target[row * width + column] -= factor * mean[column] }
      }
    }
    return covariance.map { $0 / total }
  }

  private func shrunk(_ covariance: [Double], by shrinkage: Double) -> [Double] {
    let step = isDiagonal ? 1 : width + 1
    let diagonal = stride(from: 0, to: covariance.count, by: step)
    let mean = diagonal.reduce(0) { $0 + covariance[$1] } / Double(max(1, width))
    var shrunk = covariance.map { $0 * (1 - shrinkage) }
    for index in diagonal { shrunk[index] += shrinkage * max(mean, 1e-12) }
    return shrunk
  }
}
