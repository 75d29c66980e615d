import Kernels
import Randomness
import Tensors
import Testing
import Training

/// What is found among rows of features that were made for it.
@Suite struct AuditTests {
  /// Numbers of mean 0 and variance 1, about: sums of twelve.
  private static func normal(_ count: Int, _ generator: inout SplitMix64) -> [Float] {
    (0..<count).map { _ in Float((0..<12).reduce(-6.0) { sum, _ in sum + generator.nextUnit() }) }
  }

  /// Points around one corner for each class, which vary a hundred times more in some directions than in others.
  private static func clouds(
    _ count: Int, classes: Int = 3, width: Int = 16, wide: Float = 10, narrow: Float = 0.5
  ) -> (Tensor, [Int]) {
    var generator = SplitMix64(seed: 7)
    let labels = (0..<count).map { $0 % classes }
    let scalars = labels.flatMap { label -> [Float] in
      var row = normal(width, &generator)
      for column in row.indices { row[column] *= column % 4 == 3 ? wide : narrow }
      row[label] += 6
      return row
    }
    return (Tensor(shape: [count, width], scalars: scalars), labels)
  }

  private func whitened(_ features: Tensor, _ labels: [Int]) -> UnitRows {
    UnitRows(whitening: features, withinClasses: labels, pool: .shared)
  }

  @Test func whatIsWhitenedVariesAlike() {
    let (features, _) = Self.clouds(600, wide: 3, narrow: 1)
    let rows = UnitRows(whitening: features, pool: .shared)
    // Rows of unit length in 16 directions that are all alike: similarities of mean 0 and variance 1/16.
    var (sum, squares, count) = (0.0, 0.0, 0.0)
    for left in 0..<200 {
      for right in left + 1..<200 {
        let similarity = Double(rows.similarity(left, right))
        (sum, squares, count) = (sum + similarity, squares + similarity * similarity, count + 1)
      }
      #expect(abs(rows.similarity(left, left) - 1) < 1e-5)
    }
    #expect(abs(sum / count) < 0.02)
    #expect(abs(squares / count - 1.0 / 16) < 0.02, "\(squares / count)")
  }

  @Test func copiesAreFoundAcrossBlocks() {
    var (features, _) = Self.clouds(1300)
    let width = 16
    var generator = SplitMix64(seed: 3)
    for (original, copy) in [(3, 1200), (600, 700), (1200, 40)] {
      let noise = Self.normal(width, &generator)
      for column in 0..<width {
        features.scalars[copy * width + column] =
          features.scalars[original * width + column] + 0.01 * noise[column]
      }
    }
    let rows = UnitRows(whitening: features, pool: .shared)
    var steps: [Int] = []
    let groups = SimilarityScan(rows, pool: .shared).groups(
      threshold: 0.999, known: [[9, 1000]],
      progress: { done, total in
        steps.append(done)
        #expect(total == 1300 * 1299 / 2)
      })
    #expect(groups[3] == 3 && groups[1200] == 3 && groups[40] == 3)
    #expect(groups[600] == 600 && groups[700] == 600)
    #expect(groups[9] == 9 && groups[1000] == 9)
    #expect(groups.indices.count { groups[$0] != $0 } == 4)
    #expect(steps.count == 4 && steps.first == 0 && steps.last == 1300 * 1299 / 2 && steps == steps.sorted())
  }

  /// With a low threshold chains would lead through all rows.
  @Test func noGroupReachesFurtherThanItsFirstRow() {
    let (features, _) = Self.clouds(700)
    let rows = UnitRows(whitening: features, pool: .shared)
    let threshold: Float = 0.4
    let groups = SimilarityScan(rows, pool: .shared).groups(threshold: threshold)
    let firsts = groups.indices.filter { groups[$0] == $0 }
    #expect(firsts.count > 5 && firsts.count < 600, "\(firsts.count)")
    for row in groups.indices where groups[row] != row {
      #expect(groups[row] < row && groups[groups[row]] == groups[row])
      #expect(rows.similarity(row, groups[row]) >= threshold - 1e-5)
    }
    for (place, first) in firsts.enumerated() {
      #expect(!firsts[..<place].contains { rows.similarity($0, first) > threshold + 1e-5 })
    }
  }

  @Test func strangersAreFarFromAllClasses() {
    let (clouds, labels) = Self.clouds(300)
    var features = clouds
    let width = 16
    // Between classes, in a direction in which no class varies much.
    for column in 0..<width { features.scalars[50 * width + column] = column == 8 ? 40 : 0 }
    let found = Strangeness(
      whitened(features, labels), labels: labels, groups: Array(0..<300), neighbours: 5, pool: .shared)
    #expect(found.scores.indices.max { found.scores[$0] < found.scores[$1] } == 50)
    #expect(found.scores[50] > 4, "\(found.scores[50])")
    let usual = found.scores.indices.filter { $0 != 50 }
    #expect(usual.count { found.scores[$0] >= 3 } <= 15)
    #expect(usual.count { found.nearestClasses[$0] == labels[$0] } > 290)
  }

  @Test func copiesAreNoNeighbours() {
    let (clouds, labels) = Self.clouds(120)
    var features = clouds
    let width = 16
    for stranger in [10, 11, 12] {
      for column in 0..<width { features.scalars[stranger * width + column] = column == 8 ? 40 : 0 }
    }
    var groups = Array(0..<120)
    groups[11] = 10
    groups[12] = 10
    let rows = whitened(features, labels)
    let alone = Strangeness(rows, labels: labels, groups: groups, neighbours: 3, pool: .shared)
    #expect(alone.scores[10] > 3 && alone.scores[12] > 3)
    let together = Strangeness(rows, labels: labels, groups: Array(0..<120), neighbours: 1, pool: .shared)
    #expect(together.scores[10] < 0 && together.nearestRows[10] == 11)
  }

  @Test func nothingIsSaidOfNothing() {
    let one = Tensor(shape: [1, 4], scalars: [1, 2, 3, 4])
    let rows = UnitRows(whitening: one, pool: .shared)
    #expect(SimilarityScan(rows, pool: .shared).groups(threshold: 0.9) == [0])
    let found = Strangeness(rows, labels: [0], groups: [0], neighbours: 5, pool: .shared)
    #expect(found.scores == [-.infinity] && found.nearestRows == [nil])
    let same = Tensor(shape: [6, 2], scalars: [Float](repeating: 1, count: 12))
    let scores = Strangeness(
      UnitRows(whitening: same, withinClasses: [0, 1, 0, 1, 0, 1], pool: .shared),
      labels: [0, 1, 0, 1, 0, 1],
      groups: Array(0..<6), neighbours: 2, pool: .shared
    ).scores
    #expect(scores.allSatisfy { $0 == 0 })
  }

  @Test func anyNumberOfThreadsFindsTheSame() {
    let (features, labels) = Self.clouds(700)
    let found = [1, 3].map { threads in
      let pool = ThreadPool(threads: threads)
      return Strangeness(
        UnitRows(whitening: features, withinClasses: labels, pool: pool), labels: labels,
        groups: Array(0..<700), neighbours: 5, pool: pool
      ).scores
    }
    #expect(found[0] == found[1])
  }

  @Test func whoeverIsCancelledStops() {
    let (features, labels) = Self.clouds(1300)
    var blocks = 0
    let groups = SimilarityScan(whitened(features, labels), pool: .shared).groups(
      threshold: -1,
      isCancelled: {
        blocks += 1
        return blocks > 1
      })
    #expect(blocks == 2 && groups[1299] == 1299)
  }

  @Test func whatIsAsProbableDisputesNothing() throws {
    // A tie, a hair ahead of the label, and twice clearly ahead of it.
    let rows: [[Float]] = [
      [0.25, 0.25, 0.25, 0.25], [0.3, 0.30001, 0.2, 0.19999], [0.1, 0.1, 0.7, 0.1], [0.4, 0.2, 0.2, 0.2],
    ]
    let probabilities = Tensor(shape: [4, 4], scalars: Array(rows.joined()))
    let disputes = try ConfidentLearning(probabilities: probabilities, labels: [1, 0, 0, 2]).disputes
    #expect(disputes.map(\.index) == [2, 3] && disputes.map(\.suggestion) == [2, 0], "\(disputes)")
  }

  @Test func moreFeaturesThanImagesAreNoMatter() {
    let (features, labels) = Self.clouds(30, width: 200)
    let rows = whitened(features, labels)
    #expect(abs(rows.similarity(4, 4) - 1) < 1e-4)
  }
}
