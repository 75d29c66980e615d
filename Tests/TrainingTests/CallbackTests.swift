import Tensors
import Testing
import Training

@Suite struct CallbackTests {
  static let features = SyntheticFeatures.uniform([10, 4], seed: 1)
  static let labels = Labels.classes([0, 1, 0, 1, 0, 1, 0, 1, 0, 1])

  @Test func printsLikeKeras() throws {
    var lines: [String] = []
    var trainer = try Trainer(head: try Head("dense(2, softmax)"), inputShape: [4])
    let history = try trainer.fit(
      Self.features, Self.labels, validation: Samples(Self.features, Self.labels), epochs: 2, batchSize: 4,
      callbacks: [EpochPrinter { lines.append($0) }])
    #expect(lines.count == 4)
    #expect(lines[0] == "Epoch 1/2")
    #expect(lines[2] == "Epoch 2/2")
    #expect(lines[3] == EpochPrinter.line(steps: 3, seconds: 0, history.epochs[1]))
    #expect(
      lines[1].contains(
        #/^3/3 - 0s - loss: \d\.\d{4} - accuracy: \d\.\d{4} - val_loss: \d\.\d{4} - val_accuracy: \d\.\d{4}$/#
      ))
  }

  @Test func oneEpochNeedsNoNumber() throws {
    var lines: [String] = []
    var trainer = try Trainer(head: try Head("dense(2, softmax)"), inputShape: [4])
    try trainer.fit(Self.features, Self.labels, callbacks: [EpochPrinter { lines.append($0) }])
    #expect(lines.count == 1)
    #expect(lines[0].hasPrefix("1/1 - 0s - loss: "))
  }

  @Test(arguments: [
    (0.125, "0.1250"), (1, "1.0000"), (0.95678, "0.9568"), (0.00101, "0.0010"), (1e-3, "1.0000e-03"),
    (4.1e-5, "4.1000e-05"), (0, "0.0000e+00"),
  ])
  func formatsLikeKeras(_ value: Double, _ text: String) { #expect(EpochPrinter.format(value) == text) }

  @Test func secondsAreRounded() {
    #expect(EpochPrinter.line(steps: 21, seconds: 12.6, History().epochs.first ?? Logs()) == "21/21 - 13s")
  }

  private final class Recorder: TrainingCallback {
    var events: [String] = []
    var stopAfter = Int.max

    func trainingBegan(_ plan: TrainingPlan, _: inout Trainer) {
      events.append("begin \(plan.epochs)x\(plan.stepsPerEpoch), \(plan.samples)+\(plan.validationSamples)")
    }
    func epochBegan(_ epoch: Int, _: inout Trainer) { events.append("epoch \(epoch)") }
    func batchEnded(_ batch: Int, _ logs: Logs, _: inout Trainer) {
      events.append("batch \(batch) \(logs.entries.map(\.name).joined(separator: ","))")
    }
    func epochEnded(_ epoch: Int, _ logs: Logs, _ trainer: inout Trainer) {
      events.append("end \(epoch) \(logs.entries.map(\.name).joined(separator: ","))")
      if epoch + 1 >= stopAfter { trainer.stopsTraining = true }
    }
    func trainingEnded(_: inout Trainer) { events.append("done") }
  }

  @Test func everyHookIsCalled() throws {
    let recorder = Recorder()
    recorder.stopAfter = 1
    var trainer = try Trainer(head: try Head("dense(2, softmax)"), inputShape: [4])
    let history = try trainer.fit(
      Self.features, Self.labels, validation: Samples(Self.features, Self.labels), epochs: 5, batchSize: 8,
      callbacks: [recorder])
    #expect(
      recorder.events == [
        "begin 5x2, 10+10", "epoch 0", "batch 0 loss,accuracy", "batch 1 loss,accuracy",
        "end 0 loss,accuracy,val_loss,val_accuracy", "done",
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
    #expect(trainer.learningRate == 1e-30)
  }

  @Test func historySurvivesItsJSON() throws {
    var trainer = try Trainer(head: try Head("dense(2, softmax)"), inputShape: [4])
    let history = try trainer.fit(
      Self.features, Self.labels, validation: Samples(Self.features, Self.labels), epochs: 3)
    #expect(history.keys == ["loss", "accuracy", "val_loss", "val_accuracy"])
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
