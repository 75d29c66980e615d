import Foundation
import TestSupport
import Testing
import Training

/// Callbacks that watch a measured number, against what Keras's did with the same numbers.
@Suite struct MonitorCallbackTests {
  private struct Expected: Decodable {
    var earlyStopping: [Stopping]
    var plateau: [Plateau]
  }

  private struct Stopping: Decodable {
    var mode: MonitorMode
    var patience: Int
    var minimumChange: Double
    var baseline: Double?
    var firstEpoch: Int
    var values: [Double]
    var stoppedEpoch: Int?
    var restoredEpoch: Int
  }

  private struct Plateau: Decodable {
    var mode: MonitorMode
    var rate: Double
    var factor: Double
    var patience: Int
    var minimumChange: Double
    var cooldown: Int
    var minimumRate: Double
    var values: [Double]
    var rates: [Double]
  }

  private static let plan = TrainingPlan(epochs: 24, stepsPerEpoch: 1, samples: 1, validationSamples: 1)

  private func expected() throws -> Expected {
    let file = URL(fileURLWithPath: Repository.fixture("callbacks/expected.json"))
    return try JSONDecoder().decode(Expected.self, from: Data(contentsOf: file))
  }

  private func trainer(rate: Double = 0.5) throws -> Trainer {
    try Trainer(
      head: Head("dense(2, softmax)"), inputShape: [4], optimizer: .sgd(learningRate: .constant(rate)))
  }

  @Test func stopsAndRestoresWhereKerasDoes() throws {
    for (index, story) in try expected().earlyStopping.enumerated() {
      let callback = try EarlyStopping(
        mode: story.mode, patience: story.patience, minimumChange: story.minimumChange,
        baseline: story.baseline, firstEpoch: story.firstEpoch, restoresBest: true)
      var trainer = try trainer()
      try callback.trainingBegan(Self.plan, &trainer)
      for (epoch, value) in story.values.enumerated() where !trainer.stopsTraining {
        callback.epochEnded(epoch, Logs([("val_loss", value)]), &trainer)
      }
      #expect(callback.stoppedEpoch == story.stoppedEpoch, "story \(index)")
      // Where nothing was looked at, Keras has nothing to go back to.
      let restored = callback.bestEpoch ?? story.values.count - 1
      #expect(restored == story.restoredEpoch, "story \(index)")
    }
  }

  @Test func lowersTheRateWhenKerasDoes() throws {
    for (index, story) in try expected().plateau.enumerated() {
      let callback = try ReduceLROnPlateau(
        mode: story.mode, factor: story.factor, patience: story.patience,
        minimumChange: story.minimumChange, cooldown: story.cooldown, minimumRate: story.minimumRate)
      var trainer = try trainer(rate: story.rate)
      try callback.trainingBegan(Self.plan, &trainer)
      var rates: [Double] = []
      for (epoch, value) in story.values.enumerated() {
        rates.append(trainer.learningRate)
        callback.epochEnded(epoch, Logs([("val_loss", value)]), &trainer)
      }
      #expect(rates == story.rates, "story \(index)")
    }
  }

  @Test(arguments: [
    ("val_loss", false), ("loss", false), ("val_accuracy", true), ("acc", true), ("precision", true),
    ("val_top_k_categorical_accuracy", true), ("val_auc", true), ("mean_squared_error", false),
    ("f1_score", true), ("val_recall", true),
  ])
  func knowsWhichWayIsBetter(_ name: String, _ rises: Bool) throws {
    let callback = try EarlyStopping(monitor: name, patience: 9)
    var trainer = try trainer()
    for (epoch, value) in [0.5, 0.75, 0.25].enumerated() {
      callback.epochEnded(epoch, Logs([(name, value)]), &trainer)
    }
    #expect(callback.bestEpoch == (rises ? 1 : 2))
  }

  @Test func refusesToWatchWhatNobodyMeasures() throws {
    let features = SyntheticFeatures.uniform([10, 4], seed: 1)
    let labels = Labels.classes([0, 1, 0, 1, 0, 1, 0, 1, 0, 1])
    let callbacks: [any TrainingCallback] = [
      try EarlyStopping(), try ReduceLROnPlateau(), try StopAtAccuracy(0.9),
      try EarlyStopping(monitor: "val_loss", patience: 3), try EarlyStopping(monitor: "val_los"),
      try StopAtAccuracy(0.9, monitor: "recall"),
    ]
    for callback in callbacks {
      var trainer = try trainer()
      #expect(throws: TrainingError.self) {
        try trainer.fit(features, labels, callbacks: [callback])
      }
      #expect(trainer.finishedEpochs == 0)
    }
    var trainer = try trainer()
    #expect(
      throws: TrainingError.setting(
        name: "monitor", expected: "one of accuracy, loss, val_accuracy, val_loss",
        found: "val_los; did you mean val_loss?")
    ) {
      try trainer.fit(
        features, labels, validation: Samples(features, labels),
        callbacks: [EarlyStopping(monitor: "val_los")])
    }
    #expect(trainer.finishedEpochs == 0)
    #expect(throws: Never.self) {
      try trainer.fit(features, labels, callbacks: [EarlyStopping(monitor: "acc")])
    }
  }

  @Test(arguments: [0, 1, -0.5, 2]) func refusesAFactorThatLowersNothing(_ factor: Double) {
    #expect(throws: TrainingError.self) { try ReduceLROnPlateau(factor: factor) }
  }

  @Test(arguments: [0, 1.5, -1]) func refusesAnAccuracyNobodyReaches(_ accuracy: Double) {
    #expect(throws: TrainingError.self) { try StopAtAccuracy(accuracy) }
  }
}
