import Foundation
import Kernels
import TestSupport
import Tensors
import Testing
import Training

import struct Catalog.SyntheticWeights

/// What `Tests/Fixtures/linear-fit/make.py` wrote.
struct LogisticRegressions: Decodable {
  struct Fit: Decodable, CustomTestStringConvertible {
    var kind: String
    var strength: Double
    var standardizes: Bool
    var objective: Double
    var kernel: [Float]
    var bias: [Float]

    var testDescription: String { "\(kind), C = \(strength), standardizes: \(standardizes)" }
  }

  struct Candidate: Decodable {
    var strength: Double
    var loss: Double
    var accuracy: Double
  }

  struct Validation: Decodable, CustomTestStringConvertible {
    var standardizes: Bool
    var candidates: [Candidate]

    var testDescription: String { "standardizes: \(standardizes)" }
  }

  var classes: [Int]
  var fits: [Fit]
  var validations: [Validation]

  static let expected: LogisticRegressions? = {
    let data = FileManager.default.contents(atPath: Repository.fixture("linear-fit/expected.json"))
    return data.flatMap { try? JSONDecoder().decode(LogisticRegressions.self, from: $0) }
  }()
}

@Suite struct LinearFitTests {
  /// The fixture's features: of very different scales, and one constant.
  static let features: Tensor = {
    let shape: TensorShape = [90, 11]
    var scalars = SyntheticWeights(seed: 23).values(layer: "samples", role: "data", shape: shape)
    for index in scalars.indices {
      scalars[index] *= 6
      switch index % 11 {
      case 1: scalars[index] *= 8
      case 2: scalars[index] = scalars[index] * 0.125 + 3
      case 3: scalars[index] = 0.5
      default: break
      }
    }
    return Tensor(shape: shape, scalars: scalars)
  }()

  @Test func everyCaseIsThere() throws {
    let expected = try #require(LogisticRegressions.expected)
    #expect(expected.fits.count == 12)
    #expect(expected.validations.count == 2)
    #expect(Set(expected.classes).count == 3)
  }

  @Test(arguments: LogisticRegressions.expected?.fits ?? [])
  func findsWhatScikitLearnFinds(_ wanted: LogisticRegressions.Fit) throws {
    let classes = try #require(LogisticRegressions.expected).classes
    let isBinary = wanted.kind == "sigmoid"
    let fit = LinearFit(
      strength: .fixed(wanted.strength), standardizes: wanted.standardizes, tolerance: 1e-9,
      maximumIterations: 20_000)
    let found = try fit.fit(
      try Head(isBinary ? "dense(1, sigmoid)" : "dense(3, softmax)"), Self.features,
      classes: isBinary ? classes.map { $0 == 0 ? 1 : 0 } : classes)
    #expect(found.hasConverged, "\(found.iterations) steps, slope \(found.largestSlope)")
    #expect(abs(found.objective - wanted.objective) < 1e-12 + 1e-10 * wanted.objective)
    for (parameter, values) in zip(found.model.parameters, [wanted.kernel, wanted.bias]) {
      let closeness = Closeness(parameter.tensor.scalars, values)
      #expect(closeness.isWithin(relative: 1e-5, absolute: 1e-6), "\(parameter.name): \(closeness)")
    }
  }

  @Test(arguments: LogisticRegressions.expected?.validations ?? [])
  func judgesCandidatesAsScikitLearnDoes(_ wanted: LogisticRegressions.Validation) throws {
    let classes = try #require(LogisticRegressions.expected).classes
    let found = try LinearFit(standardizes: wanted.standardizes).crossValidate(
      Self.features, classes: classes, outputs: 3, candidates: wanted.candidates.map(\.strength).reversed(),
      folds: classes.indices.map { $0 % 5 })
    #expect(found.map(\.strength) == wanted.candidates.map(\.strength))
    #expect(found.map(\.accuracy) == wanted.candidates.map(\.accuracy))
    let losses = Closeness(found.map { Float($0.loss) }, wanted.candidates.map { Float($0.loss) })
    #expect(losses.isWithin(relative: 1e-3, absolute: 0), "\(losses)")
  }

  @Test func choosesTheCandidateThatJudgesBest() throws {
    let classes = try #require(LogisticRegressions.expected).classes
    let found = try LinearFit().fit(try Head("dense(3, softmax)"), Self.features, classes: classes, seed: 4)
    #expect(found.candidates.map(\.strength) == LinearFit.candidates)
    #expect(found.strength == found.candidates.min { $0.loss < $1.loss }?.strength)
    let again = try LinearFit(strength: .fixed(found.strength)).fit(
      try Head("dense(3, softmax)"), Self.features, classes: classes)
    #expect(again.model.parameters == found.model.parameters)
    #expect(again.candidates.isEmpty)
  }

  @Test func anyNumberOfThreadsGivesTheSameBits() throws {
    let (features, labels) = SyntheticFeatures.separable(samples: 150, width: 600, classes: 4, seed: 5)
    let fit = LinearFit(strength: .crossValidated(candidates: [0.01, 1], folds: 3))
    let head = try Head("dense(4, softmax)")
    let results = try [1, 2, 5].map { threads in
      try fit.fit(head, features, classes: labels, seed: 1, pool: ThreadPool(threads: threads))
    }
    for other in results.dropFirst() {
      #expect(other.model.parameters == results[0].model.parameters)
      #expect(other.candidates == results[0].candidates)
      #expect(other.iterations == results[0].iterations)
    }
  }

  @Test func readsFeatureMapsBehindFlatten() throws {
    let (features, labels) = SyntheticFeatures.separable(samples: 40, width: 12, classes: 3, seed: 6)
    let maps = Tensor(shape: [40, 2, 2, 3], scalars: features.scalars)
    let fit = LinearFit(strength: .fixed(1))
    let flat = try fit.fit(try Head("dense(3, softmax)"), features, classes: labels)
    let mapped = try fit.fit(try Head("flatten, dense(3, softmax)"), maps, classes: labels)
    #expect(mapped.model.parameters.map(\.tensor) == flat.model.parameters.map(\.tensor))
    #expect(mapped.model.inputShape == [2, 2, 3])
  }

  /// What the objective says of itself: the trainer's loss on the same samples plus the penalty.
  @Test func objectiveIsTheTrainersLossAndThePenalty() throws {
    let (features, labels) = SyntheticFeatures.separable(samples: 60, width: 9, classes: 3, seed: 8)
    let fit = LinearFit(strength: .fixed(0.5), standardizes: false)
    let found = try fit.fit(try Head("dense(3, softmax)"), features, classes: labels)
    let loss = try #require(try Trainer(found.model).evaluate(features, .classes(labels))["loss"])
    let kernel = found.model.parameters[0].tensor.scalars
    let penalty = kernel.reduce(0.0) { $0 + Double($1) * Double($1) } / (2 * 0.5 * 60)
    #expect(abs(loss + penalty - found.objective) < 1e-6)
  }

  @Test func everyFoldHasEveryClassInProportion() {
    let classes = (0..<100).map { $0 < 60 ? 0 : $0 < 90 ? 1 : 2 }
    let folds = LinearFit.folds(of: classes, count: 5, seed: 2)
    for fold in 0..<5 {
      let members = folds.indices.filter { folds[$0] == fold }.map { classes[$0] }
      #expect((0..<3).map { label in members.count { $0 == label } } == [12, 6, 2])
    }
    #expect(LinearFit.folds(of: classes, count: 5, seed: 2) == folds)
    #expect(LinearFit.folds(of: classes, count: 5, seed: 3) != folds)
  }

  @Test func saysWhenItHasNotConverged() throws {
    let (features, labels) = SyntheticFeatures.separable(samples: 40, width: 12, classes: 3, seed: 6)
    let fit = LinearFit(strength: .fixed(1), maximumIterations: 2)
    let found = try fit.fit(try Head("dense(3, softmax)"), features, classes: labels)
    #expect(!found.hasConverged)
    #expect(found.iterations == 2)
    #expect(found.largestSlope > fit.tolerance)
  }
}

extension LinearFitTests {
  @Test(arguments: [
    "dense(8, relu), dense(3, softmax)", "dropout(0.5), dense(3, softmax)", "dense(3)", "dense(3, sigmoid)",
    "dense(3, softmax, use_bias=false)", "dense(1, softmax)",
  ])
  func refusesHeadsThatAreNotLinear(_ head: String) throws {
    let features = SyntheticFeatures.uniform([6, 4], seed: 1)
    #expect {
      try LinearFit().fit(try Head(head), features, classes: [0, 1, 2, 0, 1, 2])
    } throws: { error in
      guard case TrainingError.headOutput = error else { return false }
      return "\(error)".contains("linear head")
    }
  }

  @Test(arguments: [
    LinearFit(strength: .fixed(0)), LinearFit(strength: .fixed(.nan)), LinearFit(strength: .fixed(.infinity)),
    LinearFit(strength: .crossValidated(candidates: [])),
    LinearFit(strength: .crossValidated(candidates: [1, -1])), LinearFit(strength: .crossValidated(folds: 1)),
    LinearFit(strength: .crossValidated(folds: 7)), LinearFit(tolerance: 0), LinearFit(maximumIterations: 0),
  ])
  func refusesNumbersOutOfRange(_ fit: LinearFit) throws {
    let features = SyntheticFeatures.uniform([6, 4], seed: 1)
    #expect {
      try fit.fit(try Head("dense(3, softmax)"), features, classes: [0, 1, 2, 0, 1, 2])
    } throws: { error in
      guard case TrainingError.setting = error else { return false }
      return true
    }
  }

  @Test(arguments: [Float.nan, .infinity])
  func refusesFeaturesThatAreNoNumbers(_ value: Float) throws {
    var features = SyntheticFeatures.uniform([6, 4], seed: 1)
    features.scalars[9] = value
    for strength in [LinearFit.Strength.fixed(1), .crossValidated(candidates: [1], folds: 2)] {
      #expect {
        try LinearFit(strength: strength)
          .fit(try Head("dense(3, softmax)"), features, classes: [0, 1, 2, 0, 1, 2])
      } throws: { error in
        guard case TrainingError.setting("features", _, _) = error else { return false }
        return true
      }
    }
  }

  @Test func refusesLabelsThatDoNotFit() throws {
    let features = SyntheticFeatures.uniform([3, 4], seed: 1)
    let head = try Head("dense(3, softmax)")
    #expect(throws: TrainingError.count(place: "labels", expected: 3, found: 2)) {
      try LinearFit(strength: .fixed(1)).fit(head, features, classes: [0, 1])
    }
    #expect(throws: TrainingError.label(index: 1, expected: "a class from 0 to 2", found: "3")) {
      try LinearFit(strength: .fixed(1)).fit(head, features, classes: [0, 3, 1])
    }
  }
}
