import Tensors
import Testing
import Training

@Suite struct CallbackTests {
  static let features = SyntheticFeatures.uniform([10, 4], seed: 1)
  static let labels = Labels.classes([0, 1, 0, 1, 0, 1, 0, 1, 0, 1])

  private final class Recorder: TrainingCallback {
    private let recorded = Locked<[String]>([])
    private let stopAfter: Int
    var events: [String] { recorded.value }

    init(stopAfter: Int) { self.stopAfter = stopAfter }

    func trainingBegan(_ plan: TrainingPlan, _: inout Trainer) {
      recorded.value.append(
        "begin \(plan.epochs)x\(plan.stepsPerEpoch), \(plan.samples)+\(plan.validationSamples)")
    }
    func epochBegan(_ epoch: Int, _: inout Trainer) { recorded.value.append("epoch \(epoch)") }
    func batchEnded(_ batch: Int, _ logs: Logs, _: inout Trainer) {
      recorded.value.append("batch \(batch) \(logs.entries.map(\.name).joined(separator: ","))")
    }
    func epochEnded(_ epoch: Int, _ logs: Logs, _ trainer: inout Trainer) {
      recorded.value.append("end \(epoch) \(logs.entries.map(\.name).joined(separator: ","))")
      if epoch + 1 >= stopAfter { trainer.stopsTraining = true }
    }
    func trainingEnded(_: inout Trainer) { recorded.value.append("done") }
  }

  @Test func everyHookIsCalled() throws {
    let recorder = Recorder(stopAfter: 1)
    var trainer = try Trainer(head: try Head("dense(2, softmax)"), inputShape: [4])
    let history = try trainer.fit(
      Self.features, Self.labels, validation: Samples(Self.features, Self.labels), epochs: 5, batchSize: 8,
      callbacks: [recorder])
    #expect(
      recorder.events == [
        "begin 5x2, 10+10", "epoch 0", "batch 0 accuracy,loss", "batch 1 accuracy,loss",
        "end 0 accuracy,loss,val_accuracy,val_loss", "done",
      ])
    #expect(history.epochs.count == 1)
  }

  private struct Interruption: Error {}

  private final class Interrupter: TrainingCallback {
    func batchEnded(_ batch: Int, _: Logs, _: inout Trainer) throws {
      if batch == 1 { throw Interruption() }
    }
  }

  @Test func whatACallbackThrowsEndsTraining() throws {
    var trainer = try Trainer(head: try Head("dense(2, softmax)"), inputShape: [4])
    #expect(throws: Interruption.self) {
      try trainer.fit(Self.features, Self.labels, epochs: 3, batchSize: 4, callbacks: [Interrupter()])
    }
    #expect(trainer.finishedEpochs == 0)
  }

  private final class Freezer: TrainingCallback {
    func epochBegan(_: Int, _ trainer: inout Trainer) { trainer.learningRate = 1e-30 }
  }

  @Test func aCallbackSetsTheLearningRate() throws {
    var trainer = try Trainer(head: try Head("dense(2, softmax)"), inputShape: [4], optimizer: .sgd())
    let before = trainer.model.parameters
    try trainer.fit(Self.features, Self.labels, callbacks: [Freezer()])
    #expect(trainer.model.parameters[0] == before[0])
    #expect(trainer.learningRate == Double(Float(1e-30)))
  }

  @Test func aScheduleSetsTheRatesAndTheHistoryTellsThem() throws {
    var trainer = try Trainer(
      head: try Head("dense(2, softmax)"), inputShape: [4], optimizer: .sgd(learningRate: 0.5))
    let schedule = LearningRateScheduler { epoch, rate in epoch < 2 ? rate : rate / 2 }
    let history = try trainer.fit(Self.features, Self.labels, epochs: 4, callbacks: [schedule])
    #expect(history["learning_rate"] == [0.5, 0.5, 0.25, 0.125])
    #expect(history.keys == ["accuracy", "loss", "learning_rate"])
    #expect(try History(json: history.json) == history)
    let plain = try trainer.fit(Self.features, Self.labels)
    #expect(plain.keys == ["accuracy", "loss"])
  }

  @Test(arguments: [0, -1, .nan, .infinity]) func refusesARateThatIsNone(_ rate: Double) throws {
    var trainer = try Trainer(head: try Head("dense(2, softmax)"), inputShape: [4])
    #expect(throws: TrainingError.self) {
      try trainer.fit(Self.features, Self.labels, callbacks: [LearningRateScheduler { _, _ in rate }])
    }
  }

  @Test func stopsWhenAccurateEnough() throws {
    let (features, labels) = SyntheticFeatures.separable(samples: 60, width: 4, classes: 2, seed: 3)
    var trainer = try Trainer(
      head: try Head("dense(2, softmax)"), inputShape: [4], optimizer: .adam(learningRate: 0.05))
    let callback = try StopAtAccuracy(0.95, monitor: "accuracy")
    let history = try trainer.fit(features, .classes(labels), epochs: 200, callbacks: [callback])
    let accuracies = history["accuracy"]
    #expect(accuracies.count < 200)
    #expect(accuracies.firstIndex { $0 >= 0.95 } == accuracies.count - 1)
    #expect(callback.stoppedEpoch == accuracies.count - 1)
  }

  /// The third batch holds features that overflow.
  @Test func endsWhenTheLossIsNoNumber() throws {
    var features = Self.features
    for index in 16..<20 { features.scalars[index] = .nan }
    var trainer = try Trainer(head: try Head("dense(2, softmax)"), inputShape: [4])
    var untouched = trainer
    #expect(throws: TrainingError.self) {
      try untouched.fit(features, Self.labels, batchSize: 2, shuffle: false)
    }
    let callback = TerminateOnNaN()
    let history = try trainer.fit(
      features, Self.labels, epochs: 5, batchSize: 2, shuffle: false, callbacks: [callback])
    #expect(callback.stoppedBatch == 2)
    #expect(history.epochs.count == 1)
    #expect(try #require(history["loss"].first).isNaN)
    #expect(trainer.model.parameters == untouched.model.parameters)
    #expect(trainer.model.parameters.allSatisfy { $0.tensor.scalars.allSatisfy(\.isFinite) })
    #expect(try #require(History(json: history.json)["loss"].first).isNaN)
  }

  @Test func stopsAfterTheBatchAtHandAsKerasDoes() throws {
    let seen = Locked<[Int]>([])
    let stopper = LambdaCallback(batchEnded: { batch, _, trainer in
      seen.value.append(batch)
      trainer.stopsTraining = batch == 1
    })
    var trainer = try Trainer(head: try Head("dense(2, softmax)"), inputShape: [4])
    let history = try trainer.fit(
      Self.features, Self.labels, epochs: 3, batchSize: 2, callbacks: [stopper])
    #expect(seen.value == [0, 1])
    #expect(history.epochs.count == 1)
  }

  @Test func closuresAreCalledAtEveryHook() throws {
    let events = Locked<[String]>([])
    let callback = LambdaCallback(
      trainingBegan: { plan, _ in events.value.append("begin \(plan.epochs)") },
      epochBegan: { epoch, _ in events.value.append("epoch \(epoch)") },
      batchEnded: { batch, _, _ in events.value.append("batch \(batch)") },
      epochEnded: { epoch, logs, _ in events.value.append("end \(epoch) \(logs.entries.count)") },
      trainingEnded: { _ in events.value.append("done") })
    var trainer = try Trainer(head: try Head("dense(2, softmax)"), inputShape: [4])
    try trainer.fit(Self.features, Self.labels, epochs: 1, batchSize: 8, callbacks: [callback])
    #expect(events.value == ["begin 1", "epoch 0", "batch 0", "batch 1", "end 0 2", "done"])
  }

  @Test func historySurvivesItsJSON() throws {
    var trainer = try Trainer(head: try Head("dense(2, softmax)"), inputShape: [4])
    let history = try trainer.fit(
      Self.features, Self.labels, validation: Samples(Self.features, Self.labels), epochs: 3)
    #expect(history.keys == ["accuracy", "loss", "val_accuracy", "val_loss"])
    #expect(history["val_loss"].count == 3)
    #expect(history["nothing"].isEmpty)
    #expect(try History(json: history.json) == history)
    #expect(try History(json: "{}") == History())
  }

  @Test(arguments: ["", "[]", "{\"loss\":1}", "{\"loss\":[1],\"accuracy\":[1,2]}"])
  func refusesJSONThatIsNoHistory(_ json: String) {
    #expect {
      try History(json: json)
    } throws: { error in
      guard case TrainingError.malformedHistory = error else { return false }
      return true
    }
  }
}
