import Kernels
import Tensors
import Testing
import Training

@Suite struct TrainerTests {
  static let head = Head {
    Dense(16, activation: .relu)
    Dropout(0.25)
    Dense(3, activation: .softmax)
  }
  static let data = SyntheticFeatures.separable(samples: 150, width: 6, classes: 3, seed: 1)

  @Test(arguments: [
    Optimizer.sgd(learningRate: 0.1, momentum: 0.9), .adam(learningRate: 0.01), .rmsprop(learningRate: 0.01),
  ])
  func learnsWhatCanBeLearnt(_ optimizer: Optimizer) throws {
    let (features, labels) = Self.data
    let (others, answers) = SyntheticFeatures.separable(samples: 300, width: 6, classes: 3, seed: 2)
    var trainer = try Trainer(head: Self.head, inputShape: [6], optimizer: optimizer, seed: 4)
    let before = try trainer.evaluate(others, .classes(answers))
    let history = try trainer.fit(
      features, .classes(labels), validation: Samples(others, .classes(answers)), epochs: 30)
    #expect(try #require(before["accuracy"]) < 0.9)
    #expect(try #require(history["val_accuracy"].last) > 0.99)
    #expect(try #require(history["loss"].last) < 0.2)
    #expect(history["acc"] == history["accuracy"])
  }

  @Test func learnsYesAndNo() throws {
    let (features, labels) = SyntheticFeatures.separable(samples: 120, width: 4, classes: 2, seed: 6)
    var trainer = try Trainer(
      head: try Head("dense(1, sigmoid)"), inputShape: [4], optimizer: .adam(learningRate: 0.05))
    #expect(trainer.loss == .binaryCrossEntropy)
    try trainer.fit(features, .classes(labels), epochs: 40)
    #expect(try #require(trainer.evaluate(features, .classes(labels))["accuracy"]) > 0.99)
    let answers = try trainer.model.predict(features).scalars.map { $0 > 0.5 ? 1 : 0 }
    #expect(zip(answers, labels).count { $0 == $1 } >= 119)
  }

  @Test func oneSeedDecidesEverything() throws {
    func run(_ seed: UInt64) throws -> (History, [HeadParameter]) {
      var trainer = try Trainer(head: Self.head, inputShape: [6], seed: seed)
      let history = try trainer.fit(Self.data.0, .classes(Self.data.1), epochs: 3)
      return (history, trainer.model.parameters)
    }
    let (first, again, other) = (try run(7), try run(7), try run(8))
    #expect(first == again)
    #expect(first.0 != other.0)
    #expect(first.1 != other.1)
  }

  /// Keras's `validation_batch_size`: of means over all samples no bit depends on it.
  @Test func validationDoesNotDependOnItsBatches() throws {
    let (features, labels) = Self.data
    let others = Samples(SyntheticFeatures.uniform([101, 6], seed: 2), .classes((0..<101).map { $0 % 3 }))
    func history(_ size: Int?, steps: Int? = nil) throws -> History {
      var trainer = try Trainer(head: Self.head, inputShape: [6], metrics: Metric.all, seed: 7)
      return try trainer.fit(
        features, .classes(labels), validation: others, epochs: 2, batchSize: 16, validationSteps: steps,
        validationBatchSize: size)
    }
    let usual = try history(nil)
    for size in [1, 3, 16, 32, 100, 101, .max] { #expect(try history(size) == usual, "\(size)") }
    // Of so many batches it does: the first of them are measured.
    #expect(try history(10, steps: 3) == history(30, steps: 1) && history(10, steps: 3) != usual)
    #expect(throws: TrainingError.self) { try history(0) }
    var trainer = try Trainer(head: Self.head, inputShape: [6], metrics: Metric.all, seed: 7)
    try trainer.fit(features, .classes(labels), epochs: 1)
    let logs = try trainer.evaluate(others)
    for size in [1, 7, 64, 1000] { #expect(try trainer.evaluate(others, batchSize: size) == logs) }
  }

  @Test func threadsChangeNoBit() throws {
    let features = SyntheticFeatures.uniform([70, 6, 7, 50], seed: 12)
    let labels = (0..<70).map { $0 % 5 }
    let head = try Head("flatten, dense(600, relu), dropout(0.5), dense(5, softmax)")
    let runs = try [1, 2, 3, 7].map { threads in
      var trainer = try Trainer(head: head, inputShape: [6, 7, 50], seed: 2)
      trainer.pool = ThreadPool(threads: threads)
      try trainer.fit(features, .classes(labels), epochs: 2)
      return trainer.model.parameters
    }
    for run in runs.dropFirst() { #expect(run == runs[0]) }
  }

  @Test(arguments: [1, 3, 7, 64, 200])
  func batchesOfPredictionChangeNoBit(_ batchSize: Int) throws {
    let features = SyntheticFeatures.uniform([70, 3000], seed: 12)
    let model = try HeadModel(try Head("dense(500, gelu), dense(3, softmax)"), inputShape: [3000], seed: 5)
    let wanted = try model.predict(features)
    #expect(try model.predict(features, batchSize: batchSize) == wanted)
    #expect(wanted.shape == [70, 3])
  }

  @Test func goingOnIsTheSameAsNotStopping() throws {
    let (features, labels) = Self.data
    var whole = try Trainer(head: Self.head, inputShape: [6], seed: 3)
    var parts = whole
    let history = try whole.fit(features, .classes(labels), epochs: 5)
    let first = try parts.fit(features, .classes(labels), epochs: 2)
    let second = try parts.fit(features, .classes(labels), epochs: 3)
    #expect(first["loss"] + second["loss"] == history["loss"])
    #expect(whole.model.parameters == parts.model.parameters)
    #expect(parts.finishedEpochs == 5)
  }

  @Test func shufflesOnlyWhenAsked() throws {
    let (features, labels) = Self.data
    var shuffled = try Trainer(head: try Head("dense(3, softmax)"), inputShape: [6], seed: 3)
    var inOrder = shuffled
    let (first, second) = (
      try shuffled.fit(features, .classes(labels)),
      try inOrder.fit(features, .classes(labels), shuffle: false)
    )
    #expect(first != second)
    #expect(shuffled.model.parameters != inOrder.model.parameters)
  }

  /// With a learning rate too small to move anything, the mean over unequal batches is the mean over samples.
  @Test func weighsTheLastBatchByItsSize() throws {
    let (features, labels) = Self.data
    var trainer = try Trainer(
      head: try Head("dense(3, softmax)"), inputShape: [6], optimizer: .sgd(learningRate: 1e-30))
    let measured = try trainer.evaluate(features, .classes(labels), batchSize: 150)
    let history = try trainer.fit(features, .classes(labels), epochs: 1, batchSize: 64)
    #expect(abs(try #require(history["loss"].first) - (try #require(measured["loss"]))) < 1e-12)
    #expect(history["accuracy"].first == measured["accuracy"])
  }

  @Test func classesCanCountAlike() throws {
    let weights = ClassWeights.balanced.weights(of: [0, 0, 0, 2, 2, 5])
    #expect(weights == [0: 6 / 9.0, 2: 1, 5: 2])
    #expect(ClassWeights.given([1: 3]).weights(of: [0, 1]) == [1: 3])
    let (features, labels) = Self.data
    let skewed = labels.map { $0 == 2 ? 1 : $0 }
    var balanced = try Trainer(head: try Head("dense(2, softmax)"), inputShape: [6], seed: 3)
    var given = balanced
    let first = try balanced.fit(features, .classes(skewed), classWeights: .balanced, epochs: 2)
    let second = try given.fit(
      features, .classes(skewed), weights: skewed.map { $0 == 0 ? 1.5 : 0.75 }, epochs: 2)
    #expect(first == second)
    #expect(balanced.model.parameters == given.model.parameters)
  }

  @Test func shortEpochsGoOnWhereTheyEnded() throws {
    let (features, labels) = Self.data
    let start = try Trainer(head: Self.head, inputShape: [6], seed: 3)
    var whole = start
    var parts = start
    try whole.fit(features, .classes(labels), epochs: 2)
    // 150 samples in batches of 32 are 5 steps: epochs of 2, 2 and 1.
    for _ in 0..<6 { try parts.fit(features, .classes(labels), stepsPerEpoch: 2) }
    #expect(whole.model.parameters == parts.model.parameters)
  }

  @Test func aClosureMayDecideTheLearningRate() throws {
    let rate = LearningRate.function { step in step < 5 ? 0.1 : 1e-30 }
    #expect(rate == rate)
    #expect(rate != .function { _ in 0.1 })
    var trainer = try Trainer(
      head: Self.head, inputShape: [6], optimizer: .sgd(learningRate: rate), seed: 3)
    #expect(throws: TrainingError.self) { try trainer.requireSettableLearningRate(for: "reduce-on-plateau") }
    let (features, labels) = Self.data
    try trainer.fit(features, .classes(labels))
    let before = trainer.model.parameters
    #expect(trainer.learningRate == Double(Float(1e-30)))
    try trainer.fit(features, .classes(labels))
    #expect(trainer.model.parameters == before)
    trainer.learningRate = 0.1
    try trainer.fit(features, .classes(labels))
    #expect(trainer.model.parameters != before)
  }

  @Test(arguments: [
    Optimizer.sgd(learningRate: 0.1, momentum: 0.9), .adam(amsgrad: true), .adagrad(learningRate: 0.1),
    .rmsprop(momentum: 0.5, centered: true), .adamW(learningRate: .cosineDecay(from: 0.1, steps: 20)),
  ])
  func optimizersCanBePutBack(_ optimizer: Optimizer) throws {
    let (features, labels) = Self.data
    let head = try Head("dense(4, relu), batch_normalization, dense(3, softmax)")
    var trainer = try Trainer(head: head, inputShape: [6], optimizer: optimizer, seed: 3)
    try trainer.fit(features, .classes(labels), shuffle: false)
    let tensors = trainer.optimizerTensors
    #expect(!tensors.contains { $0.name.contains("moving") })
    var restored = try Trainer(trainer.model, optimizer: optimizer, seed: 3)
    try restored.restoreOptimizer(iterations: trainer.iterations, learningRate: nil) { name in
      tensors.first { $0.name == name }?.tensor
    }
    #expect(restored.optimizerTensors == tensors)
    try trainer.fit(features, .classes(labels), shuffle: false)
    try restored.fit(features, .classes(labels), shuffle: false)
    #expect(restored.model.parameters == trainer.model.parameters)
    #expect(throws: TrainingError.self) {
      try restored.restoreOptimizer(iterations: 0, learningRate: nil) { _ in nil }
    }
  }

  @Test func oneHotLabelsAreClasses() throws {
    let (features, labels) = Self.data
    var targets = Tensor(repeating: 0, shape: [150, 3])
    for (sample, label) in labels.enumerated() { targets.scalars[sample * 3 + label] = 1 }
    var first = try Trainer(head: Self.head, inputShape: [6], seed: 3)
    var second = first
    #expect(
      try first.fit(features, .classes(labels), epochs: 2)
        == second.fit(features, .targets(targets), epochs: 2))
    #expect(first.model.parameters == second.model.parameters)
  }
}
