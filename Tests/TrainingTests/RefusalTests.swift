import Tensors
import Testing
import Training

@Suite struct RefusalTests {
  static let features = SyntheticFeatures.uniform([6, 4], seed: 1)

  private func trainer(_ head: String, loss: Loss? = nil) throws -> Trainer {
    try Trainer(head: try Head(head), inputShape: [4], loss: loss)
  }

  @Test(arguments: [
    ("dense(1, softmax)", Loss?.none), ("dense(2, softmax)", .binaryCrossEntropy),
    ("dense(3, sigmoid)", .categoricalCrossEntropy), ("dense(1, sigmoid)", .sparseCategoricalCrossEntropy),
    ("dense(3)", .categoricalCrossEntropy), ("dense(3, relu)", .categoricalCrossEntropy),
    ("dense(3, softmax)", Loss(.categoricalCrossEntropy, fromLogits: true)),
    ("dense(1, sigmoid)", Loss(.binaryCrossEntropy, fromLogits: true)),
    ("dense(3, softmax), dropout(0.5)", .categoricalCrossEntropy),
    ("dense(1, sigmoid)", .hinge), ("dense(3, softmax)", .squaredHinge), ("dense(3, relu)", .hinge),
    ("dense(1)", .categoricalHinge), ("dense(1)", Loss(.hinge, fromLogits: true)),
    ("dense(3)", Loss(.meanSquaredError, fromLogits: true)), ("dense(1)", Loss(.hinge, labelSmoothing: 0.1)),
    ("dense(3, softmax)", Loss(.sparseCategoricalCrossEntropy, labelSmoothing: 0.1)),
  ])
  func lossAndHeadThatDoNotBelongTogether(_ head: String, _ loss: Loss?) throws {
    #expect {
      try trainer(head, loss: loss)
    } throws: { error in
      guard case TrainingError.loss = error else { return false }
      return true
    }
  }

  @Test func noLossToChoose() throws {
    for head in ["dense(3)", "dense(3, relu)", "dense(2, softmax), dropout(0.1)"] {
      #expect {
        try trainer(head)
      } throws: { error in
        guard case TrainingError.headOutput = error else { return false }
        return true
      }
    }
  }

  @Test func labelsTheHeadDoesNotKnow() throws {
    var softmax = try trainer("dense(3, softmax)")
    #expect(
      throws: TrainingError.label(index: 2, expected: "a class from 0 to 2", found: "3")
    ) { try softmax.fit(Self.features, .classes([0, 1, 3, 0, 1, 2])) }
    #expect(throws: TrainingError.label(index: 0, expected: "a class from 0 to 2", found: "-1")) {
      try softmax.evaluate(Self.features, .classes([-1, 1, 2, 0, 1, 2]))
    }
    var sigmoid = try trainer("dense(1, sigmoid)")
    #expect(throws: TrainingError.label(index: 5, expected: "a class from 0 to 1", found: "2")) {
      try sigmoid.fit(Self.features, .classes([0, 1, 1, 0, 1, 2]))
    }
    for value in [Float(1.5), -0.1, .nan] {
      var targets = Tensor(repeating: 0, shape: [6, 3])
      targets.scalars[7] = value
      #expect(throws: TrainingError.label(index: 2, expected: "targets from 0 to 1", found: "\(value)")) {
        try softmax.fit(Self.features, .targets(targets))
      }
    }
  }

  @Test func rowsForASparseLoss() throws {
    var sparse = try trainer("dense(3, softmax)", loss: .sparseCategoricalCrossEntropy)
    #expect {
      try sparse.fit(Self.features, .targets(Tensor(repeating: 0, shape: [6, 3])))
    } throws: { error in
      guard case TrainingError.loss = error else { return false }
      return true
    }
  }

  @Test func countsThatDisagree() throws {
    var trainer = try trainer("dense(3, softmax)")
    #expect(throws: TrainingError.count(place: "labels", expected: 6, found: 5)) {
      try trainer.fit(Self.features, .classes([0, 1, 2, 0, 1]))
    }
    #expect(throws: TrainingError.count(place: "targets per sample", expected: 3, found: 2)) {
      try trainer.fit(Self.features, .targets(Tensor(repeating: 0, shape: [6, 2])))
    }
    #expect(throws: TrainingError.features(expected: [4], found: [5])) {
      try trainer.model.predict(SyntheticFeatures.uniform([2, 5], seed: 1))
    }
    #expect(throws: TrainingError.features(expected: [4], found: [2, 2])) {
      try trainer.evaluate(SyntheticFeatures.uniform([2, 2, 2], seed: 1), .classes([0, 1]))
    }
    #expect(throws: TrainingError.features(expected: [4], found: [])) {
      try trainer.model.predict(Tensor(shape: [], scalars: [1]))
    }
  }

  @Test func validationIsCheckedBeforeTrainingStarts() throws {
    var trainer = try trainer("dense(3, softmax)")
    let before = trainer.model.parameters
    #expect(throws: TrainingError.count(place: "labels", expected: 6, found: 1)) {
      try trainer.fit(
        Self.features, .classes([0, 1, 2, 0, 1, 2]), validation: Samples(Self.features, .classes([0])))
    }
    #expect(trainer.model.parameters == before)
  }

  @Test func settingsOutOfRange() throws {
    var trainer = try trainer("dense(3, softmax)")
    let labels = Labels.classes([0, 1, 2, 0, 1, 2])
    #expect(throws: TrainingError.self) { try trainer.fit(Self.features, labels, epochs: 0) }
    #expect(throws: TrainingError.self) { try trainer.fit(Self.features, labels, batchSize: 0) }
    #expect(throws: TrainingError.self) {
      try trainer.fit(Tensor(shape: [0, 4], scalars: []), .classes([]))
    }
    for optimizer in [
      Optimizer.sgd(learningRate: 0), .sgd(learningRate: -1), .sgd(learningRate: .constant(.nan)),
      .sgd(momentum: 1),
      .adam(beta1: 1), .adam(beta2: -0.1), .adam(epsilon: .nan), .rmsprop(rho: 2), .rmsprop(momentum: -1),
    ] {
      #expect {
        try Trainer(trainer.model, optimizer: optimizer)
      } throws: { error in
        guard case TrainingError.setting = error else { return false }
        return true
      }
    }
  }

  @Test func weightsAndStepsOutOfRange() throws {
    var trainer = try trainer("dense(3, softmax)")
    let labels = Labels.classes([0, 1, 2, 0, 1, 2])
    func isRefused(_ expected: TrainingError, _ body: (inout Trainer) throws -> Void) {
      #expect(throws: expected) { try body(&trainer) }
    }
    isRefused(.count(place: "sample weights", expected: 6, found: 1)) {
      try $0.fit(Self.features, labels, weights: [1])
    }
    isRefused(.setting(name: "weight of sample 2", expected: "0 or more", found: "-1.0")) {
      try $0.fit(Self.features, labels, weights: [1, 1, -1, 1, 1, 1])
    }
    isRefused(.setting(name: "weight of class 1", expected: "0 or more", found: "nan")) {
      try $0.fit(Self.features, labels, classWeights: .given([1: .nan]))
    }
    isRefused(.setting(name: "weights", expected: "of classes or of samples", found: "both")) {
      try $0.fit(Self.features, labels, weights: [1, 1, 1, 1, 1, 1], classWeights: .balanced)
    }
    isRefused(.setting(name: "steps per epoch", expected: "1 or more", found: "0")) {
      try $0.fit(Self.features, labels, stepsPerEpoch: 0)
    }
    isRefused(.setting(name: "validation steps", expected: "1 or more", found: "-1")) {
      try $0.fit(Self.features, labels, validation: Samples(Self.features, labels), validationSteps: -1)
    }
    #expect(throws: TrainingError.self) {
      try Trainer(trainer.model, loss: Loss(.categoricalCrossEntropy, labelSmoothing: 1))
    }
  }

  @Test func targetsALossCannotRead() throws {
    let signed = Tensor(shape: [6, 1], scalars: [-1, 1, 1, 1, -1, 1])
    var hinge = try trainer("dense(1)", loss: .hinge)
    let (first, second) = (
      try hinge.evaluate(Self.features, .targets(signed)),
      try hinge.evaluate(Self.features, .classes([0, 1, 1, 1, 0, 1]))
    )
    #expect(first == second)
    for scalars: [Float] in [[-1, 0, 1, 1, 1, 1], [0.5, 0, 1, 1, 1, 1], [2, 0, 1, 1, 1, 1]] {
      #expect {
        try hinge.fit(Self.features, .targets(Tensor(shape: [6, 1], scalars: scalars)))
      } throws: { error in
        guard case TrainingError.label = error else { return false }
        return true
      }
    }
    let squared = try trainer("dense(1)", loss: .meanSquaredError)
    #expect(throws: TrainingError.label(index: 1, expected: "finite targets", found: "inf")) {
      try squared.evaluate(
        Self.features, .targets(Tensor(shape: [6, 1], scalars: [1, .infinity, 1, 1, 1, 1])))
    }
  }

  @Test func schedulesThatCannotBeComputed() throws {
    let model = try trainer("dense(3, softmax)").model
    let schedules: [LearningRate] = [
      .exponentialDecay(from: 0.1, steps: 0, rate: 0.5), .exponentialDecay(from: 0, steps: 3, rate: 0.5),
      .inverseTimeDecay(from: 0.1, steps: 10, rate: -1), .polynomialDecay(from: 0.1, steps: 10, power: 0),
      .cosineDecay(from: 0.1, steps: -4), .cosineDecay(from: 0.1, steps: 4, alpha: -1),
      .piecewiseConstant(boundaries: [3], values: [0.1]),
      .piecewiseConstant(boundaries: [3, 3], values: [0.1, 0.2, 0.3]),
      .piecewiseConstant(boundaries: [], values: [.nan]),
      .warmup(to: 0.1, steps: 0, then: 0.1), .warmup(to: 0.1, steps: 5, then: -0.1),
    ]
    for schedule in schedules {
      #expect(throws: TrainingError.self, "\(schedule)") {
        try Trainer(model, optimizer: .sgd(learningRate: schedule))
      }
    }
    for clipping in [GradientClipping.value(0), .norm(-1), .globalNorm(.nan)] {
      #expect(throws: TrainingError.self, "\(clipping)") {
        try Trainer(model, optimizer: .adam(clipping: clipping))
      }
    }
    #expect(throws: TrainingError.self) { try Trainer(model, optimizer: .adamW(weightDecay: -1)) }
  }

  @Test func namesNobodyKnows() throws {
    #expect(try Loss(named: "BinaryCrossentropy") == .binaryCrossEntropy)
    #expect(try Optimizer(named: "RMSprop", learningRate: 0.5) == .rmsprop(learningRate: 0.5))
    #expect(try Optimizer(named: "sgd") == .sgd(learningRate: 0.01))
    #expect(try Loss(named: "MSE") == .meanSquaredError)
    #expect(try Loss(named: "categorical_hinge") == .categoricalHinge)
    #expect(try Optimizer(named: "AdamW") == .adamW())
    #expect { try Loss(named: "binary_crosentropy") } throws: {
      "\($0)".hasSuffix("did you mean binary_crossentropy?")
    }
    #expect { try Optimizer(named: "adm") } throws: { "\($0)".hasSuffix("did you mean adam?") }
  }

  @Test func aLossThatLeavesTheNumbers() throws {
    var features = Self.features
    features.scalars[9] = .nan
    var trainer = try trainer("dense(3, softmax)")
    let before = trainer.model.parameters
    #expect {
      try trainer.fit(features, .classes([0, 1, 2, 0, 1, 2]), epochs: 2, batchSize: 2, shuffle: false)
    } throws: { error in
      guard case TrainingError.notFinite(1, 2, _, let rate) = error, Float(rate) == 0.001 else {
        return false
      }
      return "\(error)".contains("lower the learning rate")
    }
    // The step that failed changed nothing; the one before it did.
    #expect(trainer.model.parameters != before)
    #expect(trainer.model.parameters.allSatisfy { $0.tensor.scalars.allSatisfy(\.isFinite) })
  }

  @Test func aLastStepThatLeavesTheNumbers() throws {
    let model = try HeadModel(Head("dense(3, softmax)"), inputShape: [Self.features.shape[1]], seed: 1)
    var trainer = try Trainer(model, optimizer: .adam(epsilon: 0))
    var features = Self.features
    for index in features.scalars.indices { features.scalars[index] = 0 }
    #expect {
      try trainer.fit(features, .classes([0, 1, 2, 0, 1, 2]), epochs: 1, batchSize: 6)
    } throws: { error in
      if case TrainingError.notFinite(1, 1, _, _) = error { true } else { false }
    }
  }

  @Test func familiesDecideExitCodes() {
    #expect(TrainingError.missingParameter(name: "head/dense/kernel").family == .missing)
    #expect(TrainingError.malformedHead(reason: "").family == .malformed)
    #expect(TrainingError.count(place: "labels", expected: 1, found: 2).family == .mismatch)
  }
}
