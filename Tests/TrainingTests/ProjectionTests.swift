import Foundation
import Kernels
import TestSupport
import Tensors
import Testing
import Training

import struct Catalog.SyntheticWeights

/// What `Tests/Fixtures/projection/make.py` wrote.
private struct Projections: Decodable {
  var variances: [Double]
  var ratios: [Double]
  var components: [Float]
  var scores: [Float]
  var divergence: Double
  var gradient: [Float]
  var finalDivergence: Double
  var trustworthiness: Double

  static func expected() throws -> Projections {
    let data = try Data(contentsOf: URL(fileURLWithPath: Repository.fixture("projection/expected.json")))
    return try JSONDecoder().decode(Projections.self, from: data)
  }
}

/// The fixture's features: four classes around centres of their own.
private enum Clouds {
  static let shape: TensorShape = [80, 12]
  static let weights = SyntheticWeights(seed: 41)

  static let features: Tensor = {
    let centres = weights.values(layer: "centres", role: "data", shape: [4, 12])
    var scalars = weights.values(layer: "samples", role: "data", shape: shape)
    for index in scalars.indices { scalars[index] += 3 * centres[index / 12 % 4 * 12 + index % 12] }
    return Tensor(shape: shape, scalars: scalars)
  }()
}

@Suite struct PrincipalComponentTests {
  @Test func agreesWithScikitLearn() throws {
    let expected = try Projections.expected()
    let found = try PrincipalComponents(of: Clouds.features, count: 3)
    for (value, wanted) in zip(found.variances, expected.variances) {
      #expect(abs(value - wanted) <= 1e-5 * wanted)
    }
    for (value, wanted) in zip(found.varianceRatios, expected.ratios) { #expect(abs(value - wanted) <= 1e-6) }
    let components = Closeness(found.components.scalars, expected.components)
    #expect(components.isWithin(relative: 1e-4), "\(components)")
    let scores = Closeness(found.project(Clouds.features).scalars, expected.scores)
    #expect(scores.isWithin(relative: 1e-4), "\(scores)")
  }

  @Test func aLineHasOneComponent() throws {
    let line = Tensor(shape: [5, 3], scalars: (0..<5).flatMap { [Float($0), 2 * Float($0), 7] })
    let found = try PrincipalComponents(of: line, count: 2)
    #expect(abs(found.varianceRatios[0] - 1) < 1e-6)
    #expect(found.variances[1] < 1e-6)
    #expect(abs(found.components.scalars[1] / found.components.scalars[0] - 2) < 1e-5)
  }

  @Test func fewFeaturesAndFewSamplesHaveFewComponents() throws {
    let narrow = try PrincipalComponents(of: Tensor(shape: [3, 1], scalars: [1, 2, 4]), count: 2)
    #expect(narrow.components.shape == [1, 1])
    let same = try PrincipalComponents(of: Tensor(repeating: 2, shape: [4, 3]), count: 2)
    #expect(same.project(Tensor(repeating: 2, shape: [4, 3])).scalars.allSatisfy { $0 == 0 })
    #expect(same.varianceRatios == [0, 0])
  }

  /// Directions that there are not are not looked for: fewer samples than components, or copies of samples.
  @Test(arguments: [1, 2])
  func fewSamplesTakeFewSteps(copies: Int) throws {
    let weights = SyntheticWeights(seed: 5).values(layer: "few", role: "data", shape: [15, 400])
    let scalars = (0..<copies).flatMap { _ in weights }
    let features = Tensor(shape: [15 * copies, 400], scalars: scalars)
    let found = try PrincipalComponents(of: features, count: 50)
    #expect(found.variances.count == 15 * copies - 1)
    #expect(found.stepCount < 60, "\(found.stepCount)")
    #expect(abs(found.varianceRatios.prefix(14).reduce(0, +) - 1) < 1e-5)
    // Nothing is lost: samples are as far apart as before.
    let places = found.project(features)
    for (one, other) in [(0, 1), (3, 14), (7, 9)] {
      let (before, after) = (distance(features, one, other), distance(places, one, other))
      #expect(abs(before - after) < 1e-4 * before, "\(before), \(after)")
    }
  }

  private func distance(_ rows: Tensor, _ one: Int, _ other: Int) -> Float {
    let width = rows.shape[1]
    var sum: Float = 0
    for axis in 0..<width {
      let gap = rows.scalars[one * width + axis] - rows.scalars[other * width + axis]
      sum += gap * gap
    }
    return sum.squareRoot()
  }

  /// Squares of such features are infinite, or nothing: what is found is what is found of others, times so much.
  @Test(arguments: [Float(0x1p66), 0x1p100, 0x1p-80])
  func largeAndSmallFeaturesAreFeatures(factor: Float) throws {
    let usual = try PrincipalComponents(of: Clouds.features, count: 2)
    let features = Tensor(shape: Clouds.shape, scalars: Clouds.features.scalars.map { $0 * factor })
    let found = try PrincipalComponents(of: features, count: 2)
    let square = Double(factor) * Double(factor)
    for (value, wanted) in zip(found.variances, usual.variances) {
      #expect(abs(value / square - wanted) <= 1e-5 * wanted)
    }
    #expect(abs(found.varianceRatios[0] - usual.varianceRatios[0]) < 1e-6)
    let scores = found.project(features).scalars.map { $0 / factor }
    let closeness = Closeness(scores, usual.project(Clouds.features).scalars)
    #expect(closeness.isWithin(relative: 1e-4), "\(closeness)")
  }

  @Test func refusesWhatHasNoDirections() {
    #expect(throws: TrainingError.self) {
      try PrincipalComponents(of: Tensor(repeating: 1, shape: [1, 3]), count: 2)
    }
    #expect(throws: TrainingError.self) {
      try PrincipalComponents(of: Tensor(shape: [2, 1], scalars: [1, .nan]), count: 1)
    }
  }
}

@Suite struct NeighbourEmbeddingTests {
  @Test func gradientAndDivergenceAreScikitLearns() throws {
    let expected = try Projections.expected()
    let affinities = Affinities(Clouds.features.scalars, width: 12, perplexity: 7, pool: .shared)
    let values = Clouds.weights.values(layer: "points", role: "data", shape: [80, 2])
    let points = (0..<80).map { SIMD2(Double(values[2 * $0]) * 20, Double(values[2 * $0 + 1]) * 20) }
    let descent = EmbeddingDescent(affinities, start: points, pool: .shared)
    #expect(abs(descent.divergence() - expected.divergence) <= 1e-4 * expected.divergence)
    let gradient = descent.gradient(exaggeration: 1).flatMap { [Float($0.x), Float($0.y)] }
    let closeness = Closeness(gradient, expected.gradient)
    #expect(closeness.isWithin(relative: 2e-4), "\(closeness)")
  }

  @Test func theMapIsAsGoodAsScikitLearns() throws {
    let expected = try Projections.expected()
    let found = try NeighbourEmbedding(of: Clouds.features, perplexity: 7)
    #expect(found.points.shape == [80, 2])
    #expect(found.divergence <= expected.finalDivergence * 1.05, "\(found.divergence)")
    #expect(found.divergence >= expected.finalDivergence * 0.9, "\(found.divergence)")
    let trust = trustworthiness(found.points.scalars, neighbours: 7)
    #expect(trust >= expected.trustworthiness - 0.01, "\(trust), scikit-learn's \(expected.trustworthiness)")
  }

  @Test func anyNumberOfThreadsGivesTheSameBits() throws {
    let maps = try [1, 3].map { threads in
      try NeighbourEmbedding(
        of: Clouds.features, perplexity: 7, steps: 300, pool: ThreadPool(threads: threads))
    }
    #expect(maps[0].points == maps[1].points)
    #expect(maps[0].divergence == maps[1].divergence)
  }

  @Test func samplesThatAreEqualStayNumbers() throws {
    let map = try NeighbourEmbedding(of: Tensor(repeating: 1, shape: [9, 4]), perplexity: 2, steps: 50)
    #expect(map.points.scalars.allSatisfy { $0.isFinite })
    #expect(map.divergence.isFinite)
  }

  @Test(arguments: [Float(0x1p66), 0x1p120, 0x1p-80])
  func largeAndSmallFeaturesHaveNeighboursToo(factor: Float) throws {
    let features = Tensor(shape: Clouds.shape, scalars: Clouds.features.scalars.map { $0 * factor })
    let map = try NeighbourEmbedding(of: features, perplexity: 7)
    let usual = try NeighbourEmbedding(of: Clouds.features, perplexity: 7)
    #expect(map.points.scalars.allSatisfy { $0.isFinite })
    #expect(abs(map.divergence - usual.divergence) <= 0.1 * usual.divergence, "\(map.divergence)")
  }

  @Test func oneLargeNumberAmongSmallOnesLeavesNumbers() throws {
    var scalars = Clouds.features.scalars
    scalars[5] = 3e38
    let map = try NeighbourEmbedding(of: Tensor(shape: Clouds.shape, scalars: scalars), perplexity: 7)
    #expect(map.points.scalars.allSatisfy { $0.isFinite } && map.divergence.isFinite)
  }

  @Test(arguments: [2, 3, 4, 5])
  func fewSamplesLeaveNumbers(count: Int) throws {
    let features = Tensor(shape: [count, 12], scalars: Array(Clouds.features.scalars.prefix(12 * count)))
    let map = try NeighbourEmbedding(of: features, perplexity: max(1, Double(count - 1) / 3))
    #expect(map.points.scalars.allSatisfy { $0.isFinite } && map.divergence.isFinite)
  }

  @Test func saysHowManyRowsAreNotFinite() {
    var scalars = Clouds.features.scalars
    (scalars[0], scalars[5], scalars[40]) = (.nan, .infinity, -.infinity)
    let expected = TrainingError.setting(
      name: "features", expected: "finite numbers", found: "2 of 80 rows with others")
    #expect(throws: expected) {
      try NeighbourEmbedding(of: Tensor(shape: Clouds.shape, scalars: scalars), perplexity: 7)
    }
    #expect(throws: expected) {
      try PrincipalComponents(of: Tensor(shape: Clouds.shape, scalars: scalars), count: 2)
    }
  }

  @Test(arguments: [0.5, 80, .nan])
  func refusesAPerplexityThatCannotBe(perplexity: Double) {
    #expect(throws: TrainingError.self) {
      try NeighbourEmbedding(of: Clouds.features, perplexity: perplexity)
    }
  }

  /// Venna and Kaski's measure: how far those who became neighbours were from being it.
  private func trustworthiness(_ points: [Float], neighbours: Int) -> Double {
    let count = points.count / 2
    func order(_ values: [Float], _ row: Int) -> [Int] {
      let width = values.count / count
      func distance(_ other: Int) -> Float {
        (0..<width).reduce(0) { sum, axis in
          let gap = values[row * width + axis] - values[other * width + axis]
          return sum + gap * gap
        }
      }
      let distances = (0..<count).map(distance)
      return (0..<count).filter { $0 != row }.sorted { distances[$0] < distances[$1] }
    }
    var penalty = 0
    for row in 0..<count {
      let original = order(Clouds.features.scalars, row)
      for other in order(points, row).prefix(neighbours) {
        let rank = (original.firstIndex(of: other) ?? 0) + 1
        penalty += max(0, rank - neighbours)
      }
    }
    let scale = 2 / Double(count * neighbours * (2 * count - 3 * neighbours - 1))
    return 1 - scale * Double(penalty)
  }
}
