import Foundation
package import Kernels
import Synchronization

/// How much each sample has to do with its nearest neighbours: t-SNE's joint probabilities, sparse.
///
/// As scikit-learn has them: `3 * perplexity + 1` neighbours each, Gaussian weights whose width gives every row
/// the wanted perplexity, made symmetric and summing to one.
package struct Affinities: Sendable {
  /// The neighbours of sample `i` are `neighbours[starts[i]..<starts[i + 1]]`, ascending.
  let starts: [Int]
  let neighbours: [Int]
  /// One a neighbour.
  let weights: [Double]

  var count: Int { starts.count - 1 }

  /// - Parameter samples: row-major, `width` features each.
  package init(_ samples: [Float], width: Int, perplexity: Double, pool: ThreadPool) {
    let count = samples.count / width
    let nearest = min(count - 1, Int(3 * perplexity + 1))
    let rows = pool.mapping(count) { index in
      let near = Self.nearest(nearest, to: index, samples, width: width)
      return zip(near, Self.conditional(near.map(\.distance), perplexity: perplexity)).map {
        (index: $0.index, weight: $1)
      }
    }
    var joint = [[Int: Double]](repeating: [:], count: count)
    for (row, near) in rows.enumerated() {
      for (index, weight) in near {
        joint[row][index, default: 0] += weight
        joint[index][row, default: 0] += weight
      }
    }
    let sorted = joint.map { row in row.sorted { $0.key < $1.key } }
    let sum = sorted.reduce(0) { $0 + $1.reduce(0) { $0 + $1.value } }
    starts = sorted.reduce(into: [0]) { $0.append(($0.last ?? 0) + $1.count) }
    neighbours = sorted.flatMap { $0.map(\.key) }
    weights = sorted.flatMap { $0.map { $0.value / max(sum, .leastNormalMagnitude) } }
  }

  private static func nearest(
    _ count: Int, to index: Int, _ samples: [Float], width: Int
  ) -> [(index: Int, distance: Double)] {
    let all = samples.span
    let own = all.extracting(index * width..<(index + 1) * width)
    let distances = (0..<samples.count / width).map { other -> Float in
      let row = all.extracting(other * width..<(other + 1) * width)
      var sum: Float = 0
      for feature in row.indices {
        let gap = row[feature] - own[feature]
        sum += gap * gap
      }
      return sum
    }
    return distances.indices.filter { $0 != index }
      .sorted { (distances[$0], $0) < (distances[$1], $1) }
      .prefix(count).map { ($0, Double(distances[$0])) }
  }

  /// Weights that fall off with the squared distances and have the wanted perplexity, found by bisection.
  private static func conditional(_ distances: [Double], perplexity: Double) -> [Double] {
    let wanted = log(perplexity)
    // Only differences matter, and the nearest neighbour's weight must not vanish.
    let gaps = distances.map { $0 - (distances.first ?? 0) }
    var (beta, low, high) = (1.0, -Double.infinity, Double.infinity)
    var weights: [Double] = []
    for _ in 0..<100 {
      weights = gaps.map { exp(-$0 * beta) }
      let sum = weights.reduce(0, +)
      weights = weights.map { $0 / sum }
      let spread = zip(gaps, weights).reduce(0) { $0 + $1.0 * $1.1 }
      let surplus = log(sum) + beta * spread - wanted
      if abs(surplus) <= 1e-5 { break }
      if surplus > 0 {
        low = beta
        beta = high.isFinite ? (beta + high) / 2 : beta * 2
      } else {
        high = beta
        beta = low.isFinite ? (beta + low) / 2 : beta / 2
      }
    }
    return weights
  }
}

extension ThreadPool {
  /// `transform` of every index, in order, worked out by all threads.
  func mapping<Element: Sendable>(
    _ count: Int, _ transform: @escaping @Sendable (Int) -> Element
  ) -> [Element] {
    let parts = Mutex<[(start: Int, elements: [Element])]>([])
    forEachRange(count, unit: 64) { range, _ in
      let elements = range.map(transform)
      parts.withLock { $0.append((range.lowerBound, elements)) }
    }
    return parts.withLock { $0.sorted { $0.start < $1.start }.flatMap(\.elements) }
  }
}
