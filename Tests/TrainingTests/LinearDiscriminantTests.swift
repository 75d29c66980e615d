import Foundation
import Kernels
import TestSupport
import Tensors
import Testing
import Training

import struct Catalog.SyntheticWeights

/// Linear discriminant analysis, as scikit-learn has it.
@Suite struct LinearDiscriminantTests {
  /// What `Tests/Fixtures/discriminant/make.py` wrote.
  struct Expected: Decodable {
    var shrinkages, temperatures: [Double]
    var cases: [Case]
  }

  struct Case: Decodable, CustomTestStringConvertible {
    struct Score: Decodable { var shrinkage, temperature, brier: Double }

    var seed: UInt64
    var samples, features: Int
    var classes, folds: [Int]
    var scores: [Score]
    var shrinkage, temperature, accuracy: Double
    var probabilities: [Float]

    var testDescription: String { "\(samples) x \(features)" }

    var table: Tensor {
      let shape: TensorShape = [samples, features]
      var scalars = SyntheticWeights(seed: seed).values(layer: "samples", role: "data", shape: shape)
      for index in scalars.indices { scalars[index] = scalars[index] * 5 + 3 }
      for row in 0..<samples { scalars[row * features + 1] += scalars[row * features] }
      return Tensor(shape: shape, scalars: scalars)
    }
  }

  static let expected: Expected? = {
    let data = FileManager.default.contents(atPath: Repository.fixture("discriminant/expected.json"))
    return data.flatMap { try? JSONDecoder().decode(Expected.self, from: $0) }
  }()

  @Test func everyCaseIsThere() throws { #expect(try #require(Self.expected).cases.count == 3) }

  @Test(arguments: expected?.cases ?? []) func judgesAsScikitLearnDoes(_ wanted: Case) throws {
    let expected = try #require(Self.expected)
    let analysis = LinearDiscriminant(shrinkages: expected.shrinkages, temperatures: expected.temperatures)
    let found = try analysis.crossValidation(wanted.table, classes: wanted.classes, folds: wanted.folds)
    #expect(found.shrinkage == wanted.shrinkage && found.temperature == wanted.temperature)
    #expect(abs(found.accuracy - wanted.accuracy) < 1e-12)
    let closeness = Closeness(found.probabilities.scalars, wanted.probabilities)
    #expect(closeness.isWithin(Tolerance(absolute: 1e-5)), "\(closeness)")
    for score in wanted.scores {
      let alone = LinearDiscriminant(shrinkages: [score.shrinkage], temperatures: [score.temperature])
      let one = try alone.crossValidation(wanted.table, classes: wanted.classes, folds: wanted.folds)
      #expect(abs(one.brierScore - score.brier) < 1e-5, "\(score)")
    }
  }

  /// Beyond so many features only variances are looked at: of features that vary alike, and alone, it makes no difference.
  @Test func ofVeryManyFeaturesTheVariancesCount() throws {
    let (count, width) = (40, 4097)
    let classes = (0..<count).map { $0 % 2 }
    let folds = (0..<count).map { $0 / 2 % 4 }
    var scalars = SyntheticFeatures.uniform([count, width], seed: 8).scalars
    for row in 0..<count { scalars[row * width] += Float(3 * classes[row]) }
    let analysis = LinearDiscriminant(shrinkages: [1], temperatures: [1])
    let wide = try analysis.crossValidation(
      Tensor(shape: [count, width], scalars: scalars), classes: classes, folds: folds)
    #expect(wide.probabilities.scalars.allSatisfy { $0.isFinite && $0 >= 0 })
    // With the covariance shrunk to the identity the same as with one feature less.
    let narrower = (0..<count).flatMap { scalars[$0 * width..<$0 * width + width - 1] }
    let narrow = try analysis.crossValidation(
      Tensor(shape: [count, width - 1], scalars: narrower), classes: classes, folds: folds)
    let closeness = Closeness(wide.probabilities.scalars, narrow.probabilities.scalars)
    #expect(closeness.isWithin(Tolerance(absolute: 0.02)), "\(closeness)")
  }

  @Test func anyNumberOfThreadsGivesTheSameBits() throws {
    let wanted = try #require(Self.expected).cases[0]
    let found = try [1, 3].map { threads in
      try LinearDiscriminant().crossValidation(
        wanted.table, classes: wanted.classes, folds: wanted.folds, pool: ThreadPool(threads: threads))
    }
    #expect(found[0].probabilities == found[1].probabilities)
  }

  @Test func saysHowFarItIsAndStopsWhenAsked() throws {
    let wanted = try #require(Self.expected).cases[0]
    var steps: [Int] = []
    _ = try LinearDiscriminant().crossValidation(
      wanted.table, classes: wanted.classes, folds: wanted.folds, pool: .shared,
      progress: { done, total in
        steps.append(done)
        #expect(total == 31)
      })
    #expect(steps == Array(0...31))
    var asked = 0
    _ = try LinearDiscriminant().crossValidation(
      wanted.table, classes: wanted.classes, folds: wanted.folds, pool: .shared,
      isCancelled: {
        asked += 1
        return asked > 3
      })
    #expect(asked < 60, "\(asked)")
  }

  @Test func refusesWhatNothingComesOf() throws {
    let features = SyntheticFeatures.uniform([6, 4], seed: 1)
    let (classes, folds) = ([0, 1, 0, 1, 0, 1], [0, 0, 1, 1, 0, 1])
    for analysis in [
      LinearDiscriminant(shrinkages: []), LinearDiscriminant(shrinkages: [0]),
      LinearDiscriminant(shrinkages: [1.1]), LinearDiscriminant(shrinkages: [.nan]),
      LinearDiscriminant(temperatures: []), LinearDiscriminant(temperatures: [0]),
      LinearDiscriminant(temperatures: [.infinity]),
    ] {
      #expect(throws: TrainingError.self) {
        try analysis.crossValidation(features, classes: classes, folds: folds)
      }
    }
    for (classes, folds) in [
      (classes, [0, 0, 0, 0, 0, 0]), ([0, 0, 0, 0, 0, 0], folds), (classes, [0, 1, 0, 1, 0, 1]),
      ([0, 1], folds),
    ] {
      #expect(throws: TrainingError.self) {
        try LinearDiscriminant().crossValidation(features, classes: classes, folds: folds)
      }
    }
    for value in [Float.nan, .infinity] {
      var broken = features
      broken.scalars[5] = value
      #expect(throws: TrainingError.self) {
        try LinearDiscriminant().crossValidation(broken, classes: classes, folds: folds)
      }
    }
    let same = Tensor(shape: [6, 4], scalars: [Float](repeating: 2, count: 24))
    let found = try LinearDiscriminant().crossValidation(same, classes: classes, folds: folds)
    #expect(found.probabilities.scalars.allSatisfy { $0.isFinite })
  }
}
