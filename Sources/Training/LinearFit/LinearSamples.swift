import Foundation
import Kernels
import Synchronization
import Tensors

/// Features, what they are, and how many outputs shall tell them apart.
struct LinearSamples: Sendable {
  let features: Tensor
  let classes: [Int]
  /// Features of one sample.
  let width: Int
  /// Logits of one sample; 1 for two classes behind a sigmoid.
  let outputs: Int
  let pool: ThreadPool

  /// Mean and standard deviation of every feature over `rows`; 1 in place of no deviation at all.
  func moments(_ rows: [Int]) -> (means: [Double], deviations: [Double]) {
    var (means, squares) = ([Double](repeating: 0, count: width), [Double](repeating: 0, count: width))
    let scalars = features.scalars
    for row in rows {
      for index in 0..<width { means[index] += Double(scalars[row * width + index]) }
    }
    for index in 0..<width { means[index] /= Double(rows.count) }
    for row in rows {
      for index in 0..<width {
        let distance = Double(scalars[row * width + index]) - means[index]
        squares[index] += distance * distance
      }
    }
    return (means, squares.map { $0 > 0 ? ($0 / Double(rows.count)).squareRoot() : 1 })
  }

  /// The logits `[rows, outputs]` of a kernel stored `[outputs, width]`.
  func logits(_ rows: [Int], kernel: [Double], bias: [Double]) -> [Double] {
    blocks(rows.count, of: 64) { block in
      let scalars = features.scalars
      let (source, kernel) = (scalars.span, kernel.span)
      var logits: [Double] = []
      logits.reserveCapacity(block.count * outputs)
      for row in rows[block] {
        let sample = source.extracting(row * width..<(row + 1) * width)
        for output in 0..<outputs {
          let weights = kernel.extracting(output * width..<(output + 1) * width)
          logits.append(bias[output] + Rows.dot(sample, weights))
        }
      }
      return logits
    }
  }

  /// `transpose(residuals) * features`, the gradient by the kernel, as `[width, outputs]`.
  func slopes(_ rows: [Int], residuals: [Double]) -> [Double] {
    blocks(width, of: 256) { block in
      let scalars = features.scalars
      let source = scalars.span
      var sums = [[Double]](repeating: [Double](repeating: 0, count: block.count), count: outputs)
      for (index, row) in rows.enumerated() {
        let sample = source.extracting(row * width + block.lowerBound..<row * width + block.upperBound)
        for output in 0..<outputs {
          var target = sums[output].mutableSpan
          Rows.add(sample, times: residuals[index * outputs + output], to: &target)
        }
      }
      return block.indices.flatMap { index in sums.map { $0[index - block.lowerBound] } }
    }
  }

  /// What `body` makes of ranges that tile `0..<count`, end to end: the ranges depend on `count` alone, so that
  /// no bit depends on the number of threads.
  private func blocks(
    _ count: Int, of size: Int, _ body: @escaping @Sendable (Range<Int>) -> [Double]
  ) -> [Double] {
    let tasks = (count + size - 1) / size
    let parts = Parts(tasks)
    pool.forEach(tasks) { task, _ in
      let part = body(task * size..<min(count, (task + 1) * size))
      parts.values.withLock { $0[task] = part }
    }
    return parts.values.withLock { $0.flatMap(\.self) }
  }

  private final class Parts: Sendable {
    let values: Mutex<[[Double]]>
    init(_ count: Int) { values = Mutex([[Double]](repeating: [], count: count)) }
  }
}
