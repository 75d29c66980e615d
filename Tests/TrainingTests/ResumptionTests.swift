import Tensors
import Testing
import Training

/// Interrupted and gone on with, a training comes to what it would have come to.
@Suite struct ResumptionTests {
  static let optimizers: [Optimizer] = [
    .sgd(learningRate: 0.1), .sgd(learningRate: 0.1, momentum: 0.9, nesterov: true),
    .sgd(learningRate: 0.1, momentum: 0.5, weightDecay: 0.01), .adam(learningRate: 0.01),
    .adam(learningRate: 0.01, amsgrad: true, clipping: .globalNorm(0.5)), .adamW(learningRate: 0.01),
    .adagrad(learningRate: 0.1), .rmsprop(learningRate: 0.01),
    .rmsprop(learningRate: 0.01, momentum: 0.9, centered: true, clipping: .value(0.1)),
  ]
  static let head = Head {
    Dense(12, activation: .relu)
    Dropout(0.25)
    Dense(3, activation: .softmax)
  }
  static let data = SyntheticFeatures.separable(samples: 70, width: 6, classes: 3, seed: 1)
  static let others = SyntheticFeatures.separable(samples: 31, width: 6, classes: 3, seed: 2)

  private struct Interruption: Error {}

  /// Asks for a checkpoint after a step, counted from 1 over all epochs, or after an epoch, and ends there.
  private final class Interrupter: TrainingCallback {
    private let step: Int?
    private let epoch: Int?
    private let steps = Locked(0)
    private let made = Locked<TrainingCheckpoint?>(nil)
    var checkpoint: TrainingCheckpoint? { made.value }

    init(step: Int? = nil, epoch: Int? = nil) { (self.step, self.epoch) = (step, epoch) }

    func batchEnded(_: Int, _: Logs, _ trainer: inout Trainer) {
      steps.value += 1
      if steps.value == step { trainer.requestsCheckpoint = true }
    }
    func epochEnded(_ epoch: Int, _: Logs, _ trainer: inout Trainer) {
      if epoch == self.epoch { trainer.requestsCheckpoint = true }
    }
    func checkpointMade(_ checkpoint: TrainingCheckpoint, _: inout Trainer) throws {
      // What a file would hold.
      made.value = try TrainingCheckpoint(json: checkpoint.json, tensors: checkpoint.tensors)
      throw Interruption()
    }
  }

  private struct Outcome: Equatable {
    var history: History
    var head: [HeadParameter]
    var memory: [HeadParameter]
    var rate: Double
    var best: Int?
  }

  private static func train(
    _ optimizer: Optimizer, epochs: Int = 6, shuffle: Bool = true, with more: [any TrainingCallback] = [],
    resuming checkpoint: TrainingCheckpoint? = nil
  ) throws -> Outcome {
    var trainer = try Trainer(head: head, inputShape: [6], optimizer: optimizer, seed: 9)
    let stopping = try EarlyStopping(patience: 2, minimumChange: 0.05, restoresBest: true)
    let plateau = try ReduceLROnPlateau(patience: 1, minimumChange: 0.1, cooldown: 1)
    let history = try trainer.fit(
      data.0, .classes(data.1), validation: Samples(others.0, .classes(others.1)), epochs: epochs,
      batchSize: 16, shuffle: shuffle, callbacks: [stopping, plateau] + more, resuming: checkpoint)
    return Outcome(
      history: history, head: trainer.model.parameters, memory: trainer.optimizerTensors,
      rate: trainer.learningRate, best: stopping.bestEpoch)
  }

  private static func checkpoint(
    _ optimizer: Optimizer, _ interrupter: Interrupter, shuffle: Bool = true
  ) throws -> TrainingCheckpoint {
    #expect(throws: Interruption.self) { try train(optimizer, shuffle: shuffle, with: [interrupter]) }
    return try #require(interrupter.checkpoint)
  }

  /// Five steps an epoch, the last of them smaller.
  @Test(arguments: optimizers) func nothingTellsThatItWasInterrupted(_ optimizer: Optimizer) throws {
    for shuffle in [true, false] {
      let whole = try Self.train(optimizer, shuffle: shuffle)
      for step in [1, 4, 5, 6, 8, 15] where step <= 5 * whole.history.epochs.count {
        let checkpoint = try Self.checkpoint(optimizer, Interrupter(step: step), shuffle: shuffle)
        #expect(checkpoint.epoch * 5 + checkpoint.batch == step)
        #expect(try Self.train(optimizer, shuffle: shuffle, resuming: checkpoint) == whole, "step \(step)")
      }
      for epoch in whole.history.epochs.indices {
        let checkpoint = try Self.checkpoint(optimizer, Interrupter(epoch: epoch), shuffle: shuffle)
        #expect(checkpoint.history.epochs.count == epoch + 1)
        let resumed = try Self.train(optimizer, shuffle: shuffle, resuming: checkpoint)
        #expect(resumed == whole, "epoch \(epoch)")
      }
    }
  }

  @Test func someStopEarlyAndSomeLowerTheRate() throws {
    let outcomes = try Self.optimizers.map { ($0, try Self.train($0)) }
    #expect(outcomes.contains { $0.1.history.epochs.count < 6 })
    #expect(outcomes.contains { $0.1.rate < $0.0.learningRate.rate(at: 0) })
    #expect(outcomes.contains { $0.1.best != $0.1.history.epochs.count - 1 })
  }

  @Test func aSchedulerIsNotAskedTwice() throws {
    func train(_ more: [any TrainingCallback], _ checkpoint: TrainingCheckpoint?) throws -> Outcome {
      var trainer = try Trainer(head: Self.head, inputShape: [6], seed: 9)
      let history = try trainer.fit(
        Self.data.0, .classes(Self.data.1), epochs: 4, batchSize: 16,
        callbacks: [LearningRateScheduler { $1 * ($0 > 0 ? 0.5 : 1) }] + more, resuming: checkpoint)
      return Outcome(
        history: history, head: trainer.model.parameters, memory: trainer.optimizerTensors,
        rate: trainer.learningRate)
    }
    let whole = try train([], nil)
    #expect(whole.history["learning_rate"].map(Float.init) == [0.001, 0.0005, 0.00025, 0.000125])
    for step in 1...19 {
      let interrupter = Interrupter(step: step)
      #expect(throws: Interruption.self) { try train([interrupter], nil) }
      #expect(try train([], interrupter.checkpoint) == whole, "step \(step)")
    }
  }

  /// Moving averages, regularisation, weights of classes, epochs that are parts of a pass.
  @Test func norDoesAnythingElse() throws {
    let head = try Head("dense(8, relu), batch_normalization, dropout(0.1), dense(3, softmax)")
    func train(_ more: [any TrainingCallback], _ checkpoint: TrainingCheckpoint?) throws -> Outcome {
      var trainer = try Trainer(head: head, inputShape: [6], seed: 5)
      let history = try trainer.fit(
        Self.data.0, .classes(Self.data.1), classWeights: .given([1: 2.5]),
        validation: Samples(Self.others.0, .classes(Self.others.1)), epochs: 4, batchSize: 16,
        stepsPerEpoch: 3, validationSteps: 1, callbacks: more, resuming: checkpoint)
      return Outcome(
        history: history, head: trainer.model.parameters, memory: trainer.optimizerTensors,
        rate: trainer.learningRate)
    }
    let whole = try train([], nil)
    for step in 1...9 {
      let interrupter = Interrupter(step: step)
      #expect(throws: Interruption.self) { try train([interrupter], nil) }
      #expect(try train([], interrupter.checkpoint) == whole, "step \(step)")
    }
  }

  @Test func aLongerTrainingGoesOnFromAShorterOne() throws {
    let whole = try Self.train(.sgd(learningRate: 0.01), epochs: 5)
    let checkpoint = try Self.checkpoint(.sgd(learningRate: 0.01), Interrupter(epoch: 1))
    #expect(try Self.train(.sgd(learningRate: 0.01), epochs: 5, resuming: checkpoint) == whole)
  }

  private static func refusal(_ body: () throws -> Void) -> (place: String, expected: String, found: String)?
  {
    do { try body() } catch TrainingError.otherSettings(let differences) {
      return differences.first.map { ($0.name, $0.checkpoint, $0.found) }
    } catch TrainingError.resumption(let place, let expected, let found) {
      return (place, expected, found)
    } catch {}
    return nil
  }

  @Test func refusesToGoOnWithSomethingElse() throws {
    let checkpoint = try Self.checkpoint(.adam(learningRate: 0.01), Interrupter(epoch: 1))
    func place(
      head: Head = Self.head, optimizer: Optimizer = .adam(learningRate: 0.01), seed: UInt64 = 9,
      features: Tensor = Self.data.0, labels: [Int] = Self.data.1, validation: Tensor? = Self.others.0,
      epochs: Int = 6, batchSize: Int = 16, shuffle: Bool = true, patience: Int = 2, factor: Double = 0.1,
      stops: Bool = true
    ) throws -> String? {
      var trainer = try Trainer(head: head, inputShape: [6], optimizer: optimizer, seed: seed)
      let before = trainer.model.parameters
      let callbacks: [any TrainingCallback] = [
        try EarlyStopping(patience: patience, minimumChange: 0.05, restoresBest: true),
        try ReduceLROnPlateau(factor: factor, patience: 1, minimumChange: 0.1, cooldown: 1),
      ]
      let found = Self.refusal {
        try trainer.fit(
          features, .classes(labels), validation: validation.map { Samples($0, .classes(Self.others.1)) },
          epochs: epochs, batchSize: batchSize, shuffle: shuffle,
          callbacks: stops ? callbacks : [callbacks[1]], resuming: checkpoint)
      }
      #expect(found == nil || trainer.model.parameters == before)
      return found?.place
    }
    var otherFeatures = Self.data.0
    otherFeatures.scalars[7] += 1e-6
    var otherLabels = Self.data.1
    otherLabels.swapAt(0, 1)
    #expect(try place() == nil)
    #expect(try place(head: Head("dense(3, softmax)")) == "head")
    #expect(try place(optimizer: .rmsprop(learningRate: 0.01)) == "optimizer")
    #expect(try place(optimizer: .adam(learningRate: 0.02)) == "learning rate")
    #expect(try place(optimizer: .adamW(learningRate: 0.01)) == "weight decay")
    #expect(
      try place(optimizer: .adam(learningRate: 0.01, clipping: .value(1))) == "gradient clipping")
    #expect(try place(seed: 8) == "seed")
    #expect(try place(batchSize: 8) == "batch size")
    #expect(try place(shuffle: false) == "shuffling")
    #expect(try place(features: otherFeatures) == "training data")
    #expect(try place(labels: otherLabels) == "training data")
    #expect(try place(validation: otherFeatures.prefix(31)) == "validation data")
    #expect(try place(epochs: 1) == "epochs")
    #expect(try place(patience: 3) == "EarlyStopping")
    #expect(try place(factor: 0.2) == "ReduceLROnPlateau")
    #expect(try place(stops: false) == "callbacks")
  }

  @Test func namesEverythingThatIsNotAsItWas() throws {
    let checkpoint = try Self.checkpoint(.adam(learningRate: 0.01), Interrupter(epoch: 1))
    var trainer = try Trainer(
      head: Self.head, inputShape: [6], optimizer: .adam(learningRate: 0.5), seed: 8)
    let error = #expect(throws: TrainingError.self) {
      try trainer.fit(
        Self.data.0, .classes(Self.data.1), validation: Samples(Self.others.0, .classes(Self.others.1)),
        epochs: 6, batchSize: 4, resuming: checkpoint)
    }
    guard case .otherSettings(let found) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(found.map(\.name) == ["learning rate", "seed", "batch size", "steps per epoch"])
    #expect(found.prefix(3).map(\.checkpoint) == ["0.01", "9", "16"])
    #expect(found.prefix(3).map(\.found) == ["0.5", "8", "4"])
    #expect(
      "\(TrainingError.otherSettings(found))".hasPrefix(
        "learning rate: the checkpoint has 0.01, found 0.5; seed: the checkpoint has 9, found 8; batch size: "
      ))
  }

  @Test func writesSettingsAsOptionsDo() throws {
    let checkpoint = try Self.checkpoint(.adam(learningRate: 0.01), Interrupter(epoch: 1))
    var trainer = try Trainer(
      head: Self.head, inputShape: [6], optimizer: .sgd(momentum: 0.9, clipping: .globalNorm(1)), seed: 9)
    let error = #expect(throws: TrainingError.self) {
      try trainer.fit(
        Self.data.0, .classes(Self.data.1), validation: Samples(Self.others.0, .classes(Self.others.1)),
        epochs: 6, batchSize: 16, resuming: checkpoint)
    }
    guard case .otherSettings(let found) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    let differences = Dictionary(found.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    #expect(
      differences["optimizer"]?.checkpoint
        == "adam(beta_1=0.9, beta_2=0.999, epsilon=1e-07, amsgrad=false)")
    #expect(differences["optimizer"]?.found == "sgd(momentum=0.9, nesterov=false)")
    #expect(differences["gradient clipping"]?.found == "global_clipnorm=1.0")
  }

  @Test func refusesToGoOnWithOtherAugmentation() throws {
    let checkpoint = try Self.checkpoint(.adam(learningRate: 0.01), Interrupter(epoch: 1))
    var trainer = try Trainer(
      head: Self.head, inputShape: [6], optimizer: .adam(learningRate: 0.01), seed: 9)
    trainer.featuresOfEpochDescription = "flips, 2 variants"
    let found = Self.refusal {
      try trainer.fit(
        Self.data.0, .classes(Self.data.1), validation: Samples(Self.others.0, .classes(Self.others.1)),
        epochs: 6, batchSize: 16, resuming: checkpoint)
    }
    #expect(found?.place == "augmentation" && found?.expected == "none")
  }

  @Test(arguments: ["", "{}", "[]", "{\"version\":1}"])
  func refusesWhatIsNoRecord(_ json: String) {
    let error = #expect(throws: TrainingError.self) { try TrainingCheckpoint(json: json, tensors: [:]) }
    #expect(error?.description.hasPrefix("checkpoint: expected the record of a training") == true)
  }

  @Test func refusesATensorThatIsMissingOrMisshapen() throws {
    let checkpoint = try Self.checkpoint(.adam(learningRate: 0.01), Interrupter(epoch: 1))
    for name in checkpoint.tensors.keys {
      var tensors = checkpoint.tensors
      tensors[name] = nil
      let lacking = try TrainingCheckpoint(json: checkpoint.json, tensors: tensors)
      #expect(throws: TrainingError.self, "\(name)") {
        try Self.train(.adam(learningRate: 0.01), resuming: lacking)
      }
      tensors[name] = Tensor(repeating: 0, shape: [2, 2])
      let misshapen = try TrainingCheckpoint(json: checkpoint.json, tensors: tensors)
      #expect(throws: TrainingError.self, "\(name)") {
        try Self.train(.adam(learningRate: 0.01), resuming: misshapen)
      }
    }
  }
}

extension Tensor {
  /// The first `count` samples.
  fileprivate func prefix(_ count: Int) -> Tensor {
    let width = shape.elementCount / shape[0]
    return Tensor(shape: [count, width], scalars: Array(scalars.prefix(count * width)))
  }
}
