import Foundation
import Kernels
import TestSupport
import Tensors
import Testing
import Training

import struct Catalog.SyntheticWeights

/// What `Tests/Fixtures/cross-validation/make.py` wrote: scikit-learn's cross-validation, and cleanlab's judgement of it.
struct CrossValidations: Decodable {
  struct Validation: Decodable, CustomTestStringConvertible {
    var strength, mean, standardError, macroF1, loss: Double
    var accuracies: [Double]
    var probabilities: [Float]
    var thresholds: [Float]
    var issues: [Int]

    var testDescription: String { "C = \(strength)" }
  }

  var classes, folds, swapped: [Int]
  var validations: [Validation]

  static let expected: CrossValidations? = {
    let data = FileManager.default.contents(atPath: Repository.fixture("cross-validation/expected.json"))
    return data.flatMap { try? JSONDecoder().decode(CrossValidations.self, from: $0) }
  }()
}

@Suite struct CrossValidationTests {
  static let features: Tensor = {
    let shape: TensorShape = [150, 12]
    var scalars = SyntheticWeights(seed: 31).values(layer: "samples", role: "data", shape: shape)
    for index in scalars.indices { scalars[index] *= index % 12 == 2 ? 40 : 5 }
    return Tensor(shape: shape, scalars: scalars)
  }()

  @Test func everyCaseIsThere() throws {
    let expected = try #require(CrossValidations.expected)
    #expect(expected.validations.count == 4 && expected.classes.count == 150)
  }

  @Test(arguments: CrossValidations.expected?.validations ?? [])
  func measuresWhatScikitLearnMeasures(_ wanted: CrossValidations.Validation) throws {
    let expected = try #require(CrossValidations.expected)
    let fit = LinearFit(strength: .fixed(wanted.strength), tolerance: 1e-9, maximumIterations: 20_000)
    let found = try fit.crossValidation(Self.features, classes: expected.classes, folds: expected.folds)
    #expect(found.foldAccuracies == wanted.accuracies)
    #expect(abs(found.accuracy - wanted.mean) < 1e-12)
    #expect(abs(found.standardError - wanted.standardError) < 1e-12)
    #expect(abs(ClassReport(found.confusion).macroAverage.f1 - wanted.macroF1) < 1e-12)
    let closeness = Closeness(found.probabilities.scalars, wanted.probabilities)
    #expect(closeness.isWithin(Tolerance(absolute: 1e-5)), "\(closeness)")
  }

  @Test(arguments: [
    (LinearFit(strength: .fixed(1)), 5), (LinearFit(strength: .crossValidated(candidates: [0.1, 1])), 15),
  ])
  func saysHowManyFitsAreDone(_ fit: LinearFit, _ fits: Int) throws {
    let expected = try #require(CrossValidations.expected)
    var steps: [Int] = []
    _ = try fit.crossValidation(
      Self.features, classes: expected.classes, folds: expected.folds, pool: .shared,
      progress: { done, total in
        steps.append(done)
        #expect(total == fits)
      })
    #expect(steps == Array(0...fits))
  }

  @Test func choosesTheStrengthOfTheLowestLoss() throws {
    let expected = try #require(CrossValidations.expected)
    let best = try #require(expected.validations.min { $0.loss < $1.loss })
    let fit = LinearFit(
      strength: .crossValidated(candidates: expected.validations.map(\.strength)), tolerance: 1e-9)
    let found = try fit.crossValidation(Self.features, classes: expected.classes, folds: expected.folds)
    #expect(found.strength == best.strength)
    #expect(found.foldAccuracies == best.accuracies)
    for (candidate, wanted) in zip(found.candidates, expected.validations) {
      #expect(abs(candidate.loss - wanted.loss) < 1e-3 * wanted.loss)
    }
  }

  @Test(arguments: CrossValidations.expected?.validations ?? [])
  func disputesWhatCleanlabDisputes(_ wanted: CrossValidations.Validation) throws {
    let expected = try #require(CrossValidations.expected)
    let probabilities = Tensor(shape: [150, 3], scalars: wanted.probabilities)
    let found = try ConfidentLearning(probabilities: probabilities, labels: expected.classes)
    #expect(found.disputes.map(\.index) == wanted.issues)
    #expect(Closeness(found.thresholds, wanted.thresholds).isWithin(Tolerance(absolute: 1e-6)))
    for dispute in found.disputes {
      let row = Array(wanted.probabilities[3 * dispute.index..<3 * dispute.index + 3])
      #expect(dispute.label == expected.classes[dispute.index] && dispute.suggestion != dispute.label)
      #expect(dispute.suggestionProbability == row[dispute.suggestion])
      #expect(dispute.labelProbability == row[dispute.label])
    }
  }

  @Test func copiesAreInOneFold() {
    let classes = (0..<60).map { $0 % 3 }
    let groups = (0..<60).map { $0 < 20 ? $0 / 4 : $0 }
    let folds = LinearFit.folds(of: classes, groups: groups, count: 5, seed: 1)
    for group in Set(groups) {
      #expect(Set(folds.indices.filter { groups[$0] == group }.map { folds[$0] }).count == 1)
    }
    #expect(Set(folds) == Set(0..<5))
    let alone = LinearFit.folds(of: classes, groups: Array(0..<60), count: 5, seed: 1)
    #expect(alone == LinearFit.folds(of: classes, count: 5, seed: 1))
  }

  @Test func anyNumberOfThreadsGivesTheSameBits() throws {
    let expected = try #require(CrossValidations.expected)
    let found = try [1, 3].map { threads in
      try LinearFit(strength: .fixed(1)).crossValidation(
        Self.features, classes: expected.classes, folds: expected.folds, pool: ThreadPool(threads: threads))
    }
    #expect(found[0].probabilities == found[1].probabilities)
  }

  @Test func refusesFoldsThatTeachNothing() throws {
    let features = SyntheticFeatures.uniform([6, 4], seed: 1)
    let fit = LinearFit(strength: .fixed(1))
    for (classes, folds) in [
      ([0, 1, 0, 1, 0, 1], [0, 0, 0, 0, 0, 0]), ([0, 0, 0, 0, 0, 0], [0, 1, 0, 1, 0, 1]),
      ([0, 1, 0, 1, 0, 1], [0, 1, 0, 1, 0, 1]), ([0, 2, 0, 2, 0, 2], [0, 0, 1, 1, 0, 1]),
      ([0, 1, 0, 1, 0], [0, 0, 1, 1, 0, 1]), ([0, 1, 0, 1, 0, 1], [0, 0, 1]),
      ([-1, 1, 0, 1, 0, 1], [0, 0, 1, 1, 0, 1]),
    ] {
      #expect(throws: TrainingError.self) {
        try fit.crossValidation(features, classes: classes, folds: folds)
      }
    }
    let none = Tensor(shape: [0, 4], scalars: [])
    #expect(throws: TrainingError.self) { try fit.crossValidation(none, classes: [], folds: []) }
  }
}
