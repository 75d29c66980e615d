package import Kernels

/// How far every row is from the rows nearest to it, compared with what is usual for the rows of a class.
///
/// The distance of a row is the mean cosine distance of its nearest neighbours, itself and its copies left out (Sun, Ming, Zhu and
/// Li, "Out-of-Distribution Detection with Deep Nearest Neighbors", ICML 2022). For every class among those neighbours it is
/// compared with the distances of the rows of that class, each measured without itself: less their median, in units of
/// their median absolute deviation times 1.4826, which is the standard deviation of normal numbers. The least is the strangeness.
package struct Strangeness: Sendable {
  /// For every row; minus infinity where there is nothing to compare it with.
  package let scores: [Double]
  /// The class that every row is nearest to.
  package let nearestClasses: [Int]
  /// The nearest other row of every row; nil without one.
  package let nearestRows: [Int?]

  /// Compares all rows.
  ///
  /// - Parameters:
  ///   - rows: features, whitened.
  ///   - labels: the class of every row.
  ///   - groups: rows of one number are copies of one another.
  ///   - neighbours: how many are looked at.
  package init(
    _ rows: UnitRows, labels: [Int], groups: [Int], neighbours: Int, pool: ThreadPool,
    progress: (_ done: Int, _ total: Int) -> Void = { _, _ in }, isCancelled: () -> Bool = { false }
  ) {
    var nearest = NearestRows(count: rows.count, most: neighbours)
    SimilarityScan(rows, pool: pool).forEachBlock(progress: progress, isCancelled: isCancelled) { block in
      let values = block.similarities
      let similarities = values.span
      for (offset, row) in block.upper.enumerated() {
        let start = offset * block.lower.count
        for (column, other) in block.lower.enumerated() where other > row && groups[row] != groups[other] {
          nearest.offer(other, to: row, similarities[start + column])
          nearest.offer(row, to: other, similarities[start + column])
        }
      }
    }
    let found = (0..<rows.count).map { nearest.neighbours(of: $0) }
    let distances = found.map { neighbours -> Double? in
      neighbours.isEmpty
        ? nil : neighbours.reduce(0) { $0 + 1 - Double($1.similarity) } / Double(neighbours.count)
    }
    let usual = Self.usual(distances, labels)
    let judged = found.indices.map { row in Self.judge(distances[row], found[row].map(\.row), labels, usual) }
    scores = judged.map(\.score)
    nearestClasses = judged.enumerated().map { $1.label ?? labels[$0] }
    nearestRows = found.map { $0.first?.row }
  }

  private struct Usual {
    var median: Double
    var deviation: Double
  }

  /// What is usual for each class of at least three rows.
  private static func usual(_ distances: [Double?], _ labels: [Int]) -> [Int: Usual] {
    var members: [Int: [Double]] = [:]
    for (distance, label) in zip(distances, labels) {
      if let distance { members[label, default: []].append(distance) }
    }
    return members.compactMapValues { distances in
      guard distances.count >= 3 else { return nil }
      let median = middle(distances)
      let deviation = 1.4826 * middle(distances.map { abs($0 - median) })
      return Usual(median: median, deviation: max(deviation, 1e-3 * median, 1e-9))
    }
  }

  private static func middle(_ values: [Double]) -> Double {
    let sorted = values.sorted()
    return (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
  }

  private static func judge(
    _ distance: Double?, _ neighbours: [Int], _ labels: [Int], _ usual: [Int: Usual]
  ) -> (score: Double, label: Int?) {
    guard let distance else { return (-.infinity, nil) }
    let scores = Set(neighbours.map { labels[$0] }).sorted().compactMap { label in
      usual[label].map { (score: (distance - $0.median) / $0.deviation, label: label) }
    }
    guard let least = scores.min(by: { $0.score < $1.score }) else { return (-.infinity, nil) }
    return (least.score, least.label)
  }
}

/// For every row some others, the most similar first.
private struct NearestRows {
  private let most: Int
  private var rows: [Int]
  private var similarities: [Float]

  init(count: Int, most: Int) {
    self.most = max(1, most)
    rows = [Int](repeating: -1, count: count * self.most)
    similarities = [Float](repeating: -.infinity, count: count * self.most)
  }

  mutating func offer(_ other: Int, to row: Int, _ similarity: Float) {
    var place = (row + 1) * most - 1
    guard similarity > similarities[place] else { return }
    while place > row * most, similarity > similarities[place - 1] {
      (rows[place], similarities[place]) = (rows[place - 1], similarities[place - 1])
      place -= 1
    }
    (rows[place], similarities[place]) = (other, similarity)
  }

  func neighbours(of row: Int) -> [(row: Int, similarity: Float)] {
    (row * most..<(row + 1) * most).filter { rows[$0] >= 0 }.map { (rows[$0], similarities[$0]) }
  }
}
