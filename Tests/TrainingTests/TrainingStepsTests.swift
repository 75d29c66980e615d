import Foundation
import TestSupport
import Tensors
import Testing
import Training

import struct Catalog.SyntheticWeights

/// What `Tests/Fixtures/training-steps/make.py` wrote.
struct KerasSteps: Decodable {
  /// Where a training ended: the last epoch's measures, all weights.
  struct Run: Decodable, CustomTestStringConvertible {
    var optimizer: String?
    var loss: String?
    var schedule: String?
    var head: String?
    var name: String?
    var history: [String: Double]
    var weights: [[Float]]

    var testDescription: String {
      [optimizer, loss, schedule, head, name].compactMap(\.self).joined(separator: ", ")
    }
  }

  /// A training whose epochs are no passes.
  struct Epochs: Decodable, CustomTestStringConvertible {
    var name: String
    var loss: [Double]
    var validationLoss: [Double]

    enum CodingKeys: String, CodingKey {
      case name, loss
      case validationLoss = "val_loss"
    }

    var testDescription: String { name }
  }

  var pairs: [Run]
  var schedules: [Run]
  var heads: [Run]
  var maps: [Run]
  var weighted: [Run]
  var steps: [Epochs]

  static let expected: KerasSteps? = {
    let data = FileManager.default.contents(atPath: Repository.fixture("training-steps/expected.json"))
    return data.flatMap { try? JSONDecoder().decode(KerasSteps.self, from: $0) }
  }()
}

/// 50 steps and more from the same weights over the same batches end where Keras ends.
@Suite struct TrainingStepsTests {
  static let synthetic = SyntheticWeights(seed: 23)

  @Test func everyPairIsThere() throws {
    let expected = try #require(KerasSteps.expected)
    #expect(expected.pairs.count == Self.optimizers.count * Self.losses.count)
    #expect(expected.schedules.count == Self.schedules.count)
    #expect(expected.heads.count == 8)
    #expect(expected.maps.count == 3)
    #expect(expected.weighted.count == 5)
    #expect(expected.steps.count == 5)
  }

  @Test(arguments: KerasSteps.expected?.pairs ?? [])
  func everyOptimizerWithEveryLoss(_ run: KerasSteps.Run) throws {
    let loss = try #require(run.loss.flatMap { Self.losses[$0] })
    let optimizer = try #require(run.optimizer.flatMap { Self.optimizers[$0] })
    try check(run, head: "dense(4, relu), \(loss.layer)", loss: loss, optimizer: optimizer)
  }

  @Test(arguments: KerasSteps.expected?.schedules ?? [])
  func everySchedule(_ run: KerasSteps.Run) throws {
    let rate = try #require(run.schedule.flatMap { Self.schedules[$0] })
    try check(
      run, head: "dense(4, relu), dense(3, softmax)", optimizer: .sgd(learningRate: rate))
  }

  @Test(arguments: KerasSteps.expected?.heads ?? [])
  func regularisersAndNormalisation(_ run: KerasSteps.Run) throws {
    try check(run, head: run.head ?? "", optimizer: .sgd(learningRate: 0.05, momentum: 0.9))
  }

  @Test(arguments: KerasSteps.expected?.maps ?? [])
  func normalisesFeatureMaps(_ run: KerasSteps.Run) throws {
    let model = try Self.model(try Head(run.head ?? ""), inputShape: [2, 3, 4])
    var trainer = try Trainer(model, optimizer: .sgd(learningRate: 0.05, momentum: 0.9))
    let features = Self.synthetic.images(count: 6, height: 2, width: 3, channels: 4)
    let labels = Labels.classes([0, 1, 2, 0, 1, 2])
    let history = try trainer.fit(
      features, labels, validation: Samples(features, labels), epochs: 25, batchSize: 4, shuffle: false)
    compare(run, history, trainer)
  }

  @Test(arguments: KerasSteps.expected?.weighted ?? [])
  func weighsClassesAndSamples(_ run: KerasSteps.Run) throws {
    let loss = try #require(run.loss.flatMap { Self.losses[$0] })
    let classWeights: [Int: Double] =
      run.loss == "binary_crossentropy" ? [0: 0.5, 1: 3] : [0: 0.5, 2: 3]
    let ofClasses = run.name == "class_weight"
    try check(
      run, head: "dense(4, relu), \(loss.layer)", loss: loss,
      optimizer: .sgd(learningRate: 0.02, momentum: 0.9),
      weights: ofClasses ? nil : (0..<20).map { Float($0 % 4) * 0.5 },
      classWeights: ofClasses ? .given(classWeights) : nil)
  }

  @Test(arguments: KerasSteps.expected?.steps ?? [])
  func epochsThatAreNoPasses(_ run: KerasSteps.Epochs) throws {
    let steps: [String: (Int?, Int?)] = [
      "shorter": (2, nil), "dividing": (5, nil), "longer": (9, nil), "validation": (nil, 2), "both": (3, 1),
    ]
    let (perEpoch, validation) = try #require(steps[run.name])
    let model = try Self.model(try Head("dense(4, relu), dense(3, softmax)"), inputShape: [6])
    var trainer = try Trainer(model, optimizer: .sgd(learningRate: 0.02, momentum: 0.9))
    let (train, heldOut) = (Self.samples(20, "train"), Self.samples(10, "held_out"))
    let history = try trainer.fit(
      train, Self.labels(.oneHot, train), validation: Samples(heldOut, Self.labels(.oneHot, heldOut)),
      epochs: run.loss.count, batchSize: 4, stepsPerEpoch: perEpoch, validationSteps: validation,
      shuffle: false)
    let losses = Closeness(history["loss"].map(Float.init), run.loss.map(Float.init))
    #expect(losses.isWithin(relative: 1e-5), "\(losses)")
    let judged = Closeness(history["val_loss"].map(Float.init), run.validationLoss.map(Float.init))
    #expect(judged.isWithin(relative: 1e-5), "\(judged)")
  }

  private func check(
    _ run: KerasSteps.Run, head: String, loss: KerasLoss? = nil, optimizer: Optimizer,
    weights: [Float]? = nil, classWeights: ClassWeights? = nil
  ) throws {
    let model = try Self.model(try Head(head), inputShape: [6])
    var trainer = try Trainer(model, loss: loss?.loss, optimizer: optimizer)
    let (train, heldOut) = (Self.samples(20, "train"), Self.samples(10, "held_out"))
    let kind = loss?.labels ?? .oneHot
    let history = try trainer.fit(
      train, Self.labels(kind, train), weights: weights, classWeights: classWeights,
      validation: Samples(heldOut, Self.labels(kind, heldOut)), epochs: 17, batchSize: 8, shuffle: false)
    compare(run, history, trainer)
  }

  private func compare(_ run: KerasSteps.Run, _ history: History, _ trainer: Trainer) {
    #expect(!run.history.isEmpty)
    for (key, wanted) in run.history {
      let found = history[key].last ?? .nan
      #expect(abs(found - wanted) <= 1e-5 * max(1, abs(wanted)), "\(key): \(found), expected \(wanted)")
    }
    #expect(trainer.model.parameters.count == run.weights.count)
    for (found, wanted) in zip(trainer.model.parameters, run.weights) {
      let closeness = Closeness(found.tensor.scalars, wanted)
      #expect(closeness.isWithin(relative: 2e-5, absolute: 2e-5), "\(found.name): \(closeness)")
    }
  }
}
