import Tensors
import Testing
import Training

/// Whatever number a public call is given, it answers with a result or with a sentence; it never traps.
@Suite struct ImpossibleSettingsTests {
  static let features = SyntheticFeatures.uniform([6, 4], seed: 1)
  static let labels = Labels.classes([0, 1, 2, 0, 1, 2])
  private static let numbers: [Double] = [.nan, .infinity, -.infinity, -1]

  private static func trainer(_ optimizer: Optimizer = .adam()) throws -> Trainer {
    try Trainer(head: Head("dense(3, softmax)"), inputShape: [4], optimizer: optimizer)
  }

  /// Expects `body` to refuse the setting called `name`, and to say what it found.
  private func expectRefusal(
    _ name: String, found: String, at location: SourceLocation = #_sourceLocation, _ body: () throws -> Void
  ) {
    #expect(sourceLocation: location) {
      try body()
    } throws: { error in
      guard case TrainingError.setting(name, _, found) = error else { return false }
      return "\(error)".hasPrefix("\(name): expected ") && "\(error)".hasSuffix("found \(found)")
    }
  }

  @Test(arguments: [0, -1, Int.min])
  func countsBelowOne(_ count: Int) throws {
    var trainer = try Self.trainer()
    expectRefusal("epochs", found: "\(count)") {
      try trainer.fit(Self.features, Self.labels, epochs: count)
    }
    expectRefusal("batch size", found: "\(count)") {
      try trainer.fit(Self.features, Self.labels, batchSize: count)
    }
    expectRefusal("steps per epoch", found: "\(count)") {
      try trainer.fit(Self.features, Self.labels, stepsPerEpoch: count)
    }
    expectRefusal("validation steps", found: "\(count)") {
      try trainer.fit(Self.features, Self.labels, validationSteps: count)
    }
    expectRefusal("batch size", found: "\(count)") {
      _ = try trainer.evaluate(Self.features, Self.labels, batchSize: count)
    }
    expectRefusal("steps", found: "\(count)") {
      _ = try trainer.evaluate(Samples(Self.features, Self.labels), steps: count)
    }
    expectRefusal("batch size", found: "\(count)") {
      _ = try trainer.model.predict(Self.features, batchSize: count)
    }
    #expect(trainer.finishedEpochs == 0)
  }

  /// More than there is is all there is, and gives the same bits.
  @Test(arguments: [6, 7, Int.max - 1, Int.max])
  func moreThanThereIs(_ count: Int) throws {
    var (all, more) = (try Self.trainer(), try Self.trainer())
    let wanted = try all.fit(Self.features, Self.labels, epochs: 2, batchSize: 6, stepsPerEpoch: 1)
    let found = try more.fit(
      Self.features, Self.labels, validation: Samples(Self.features, Self.labels), epochs: 2,
      batchSize: count, stepsPerEpoch: count, validationSteps: count)
    #expect(found["loss"] == wanted["loss"] && more.model.parameters == all.model.parameters)
    let samples = Samples(Self.features, Self.labels)
    #expect(
      try more.evaluate(samples, batchSize: count, steps: count) == all.evaluate(samples, batchSize: 6))
    #expect(
      try more.model.predict(Self.features, batchSize: count)
        == all.model.predict(Self.features, batchSize: 6)
    )
  }

  @Test func noSamples() throws {
    var trainer = try Self.trainer()
    let nothing = Samples(Tensor(shape: [0, 4], scalars: []), .classes([]))
    expectRefusal("features", found: "none") { _ = try trainer.evaluate(nothing) }
    expectRefusal("features", found: "none") { try trainer.fit(nothing.features, nothing.labels) }
    expectRefusal("features", found: "none") {
      try trainer.fit(Self.features, Self.labels, validation: nothing)
    }
    #expect(try trainer.model.predict(nothing.features).shape == [0, 3])
    expectRefusal("features", found: "none") {
      _ = try LinearFit(strength: .fixed(1)).fit(Head("dense(3, softmax)"), nothing.features, classes: [])
    }
  }

  @Test func weightsThatAreNone() throws {
    var trainer = try Self.trainer()
    #expect(throws: TrainingError.count(place: "sample weights", expected: 6, found: 5)) {
      try trainer.fit(Self.features, Self.labels, weights: [1, 1, 1, 1, 1])
    }
    for number in Self.numbers {
      let weights: [Float] = [1, 1, 1, Float(number), 1, 1]
      expectRefusal("weight of sample 3", found: "\(Float(number))") {
        try trainer.fit(Self.features, Self.labels, weights: weights)
      }
      expectRefusal("weight of class 2", found: "\(number)") {
        try trainer.fit(Self.features, Self.labels, classWeights: .given([2: number]))
      }
    }
    expectRefusal("class weights", found: "2") { _ = try ClassWeights.inOrder([1, 2], of: ["a", "b", "c"]) }
    expectRefusal("class weights", found: "d") { _ = try ClassWeights.named(["d": 1], of: ["a", "b"]) }
    #expect(try ClassWeights.named(["b": 2], of: ["a", "b"]) == .given([1: 2]))
    #expect(try ClassWeights.inOrder([1, 2], of: ["a", "b"]) == .given([0: 1, 1: 2]))
  }

  @Test(arguments: numbers)
  func optimizersOfNumbersThatAreNone(_ number: Double) {
    let optimizers: [(String, Optimizer)] = [
      ("learning rate", .adam(learningRate: .constant(number))), ("momentum", .sgd(momentum: number)),
      ("weight decay", .adamW(weightDecay: number)), ("beta1", .adam(beta1: number)),
      ("beta2", .adam(beta2: number)), ("epsilon", .adam(epsilon: number)),
      ("initial accumulator", .adagrad(initialAccumulator: number)), ("epsilon", .adagrad(epsilon: number)),
      ("rho", .rmsprop(rho: number)), ("momentum", .rmsprop(momentum: number)),
      ("epsilon", .rmsprop(epsilon: number)), ("clipvalue", .sgd(clipping: .value(number))),
      ("clipnorm", .sgd(clipping: .norm(number))),
      ("global_clipnorm", .sgd(clipping: .globalNorm(number))),
    ]
    for (name, optimizer) in optimizers {
      expectRefusal(name, found: "\(number)") { _ = try Self.trainer(optimizer) }
    }
  }

  private static let schedules: [LearningRate] = [
    .piecewiseConstant(boundaries: [1, 2], values: [0.1]), .piecewiseConstant(boundaries: [], values: []),
    .piecewiseConstant(boundaries: [2, 2], values: [1, 2, 3]),
    .exponentialDecay(from: 0.1, steps: 0, rate: 0.5), .exponentialDecay(from: .nan, steps: 1, rate: 0.5),
    .exponentialDecay(from: 0.1, steps: 1, rate: .nan), .inverseTimeDecay(from: 0.1, steps: -1, rate: 0.5),
    .polynomialDecay(from: 0.1, steps: 0, cycles: true),
    .polynomialDecay(from: 0.1, steps: .max, cycles: true),
    .polynomialDecay(from: 0.1, steps: 9, power: .nan),
    .cosineDecay(from: 0.1, steps: .min), .cosineDecay(from: 0.1, steps: 9, alpha: -1),
    .warmup(to: 0.1, steps: .min, then: 0.1), .warmup(to: 0.1, steps: 5, then: .constant(.nan)),
  ]

  @Test(arguments: schedules)
  func schedulesThatCannotBe(_ schedule: LearningRate) {
    #expect {
      _ = try Self.trainer(.sgd(learningRate: schedule))
    } throws: { error in
      guard case TrainingError.setting(let name, _, _) = error else { return false }
      return !name.isEmpty && "\(error)".contains(": expected ")
    }
    // Asked all the same, they answer.
    for step in [0, 1, Int.max, Int.min] { _ = schedule.rate(at: step) }
  }

  /// A closure can say anything; the loss then leaves the numbers, which is an error.
  @Test func schedulesThatLeaveTheNumbers() throws {
    var trainer = try Self.trainer(.sgd(learningRate: .function { _ in .nan }))
    #expect {
      try trainer.fit(Self.features, Self.labels, epochs: 3)
    } throws: { error in
      guard case TrainingError.notFinite(_, _, _, let rate) = error else { return false }
      return rate.isNaN
    }
  }

  @Test func callbacksThatCannotBe() {
    expectRefusal("patience", found: "-1") { _ = try EarlyStopping(patience: -1) }
    expectRefusal("first epoch", found: "-1") { _ = try EarlyStopping(firstEpoch: -1) }
    expectRefusal("patience", found: "-1") { _ = try ReduceLROnPlateau(patience: -1) }
    expectRefusal("cooldown", found: "-1") { _ = try ReduceLROnPlateau(cooldown: -1) }
    for number in [Double.nan, .infinity, -.infinity] {
      expectRefusal("minimum change", found: "\(number)") { _ = try EarlyStopping(minimumChange: number) }
      expectRefusal("baseline", found: "\(number)") { _ = try EarlyStopping(baseline: number) }
      expectRefusal("minimum change", found: "\(number)") {
        _ = try ReduceLROnPlateau(minimumChange: number)
      }
    }
    for number in Self.numbers {
      expectRefusal("factor", found: "\(number)") { _ = try ReduceLROnPlateau(factor: number) }
      expectRefusal("minimum learning rate", found: "\(number)") {
        _ = try ReduceLROnPlateau(minimumRate: number)
      }
      expectRefusal("accuracy", found: "\(number)") { _ = try StopAtAccuracy(number) }
    }
  }

  @Test func linearFitsThatCannotBe() throws {
    let head = try Head("dense(3, softmax)")
    func expectRefusal(_ name: String, found: String, _ fit: LinearFit) {
      self.expectRefusal(name, found: found) {
        _ = try fit.fit(head, Self.features, classes: [0, 1, 2, 0, 1, 2])
      }
    }
    for number in Self.numbers + [0] {
      expectRefusal("strength", found: "\(number)", LinearFit(strength: .fixed(number)))
      expectRefusal(
        "strength", found: "\(number)", LinearFit(strength: .crossValidated(candidates: [1, number])))
      expectRefusal("tolerance", found: "\(number)", LinearFit(tolerance: number))
    }
    for count in [0, -1, Int.min] {
      expectRefusal("maximum iterations", found: "\(count)", LinearFit(maximumIterations: count))
      expectRefusal("folds", found: "\(count)", LinearFit(strength: .crossValidated(folds: count)))
    }
    expectRefusal("strengths", found: "none", LinearFit(strength: .crossValidated(candidates: [])))
    expectRefusal("folds", found: "\(Int.max)", LinearFit(strength: .crossValidated(folds: .max)))
  }

  @Test func metricsThatCannotBe() {
    #expect(throws: TrainingError.self) {
      try Trainer(
        head: Head("dense(3, softmax)"), inputShape: [4], metrics: [.topKCategoricalAccuracy(k: .min)])
    }
    #expect(throws: TrainingError.setting(name: "metrics", expected: "each once", found: "auc twice")) {
      try Trainer(head: Head("dense(3, softmax)"), inputShape: [4], metrics: [.auc, .auc])
    }
    #expect(throws: TrainingError.label(index: 0, expected: "a class from 0 to -2", found: "0")) {
      try ConfusionMatrix(labels: [0], predicted: [0], classCount: -1)
    }
    #expect(ConfusionMatrix(classCount: .min).total == 0)
  }
}
