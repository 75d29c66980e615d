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

  @Test func namesNobodyKnows() throws {
    #expect(try Loss(named: "BinaryCrossentropy") == .binaryCrossEntropy)
    #expect(try Optimizer(named: "RMSprop", learningRate: 0.5) == .rmsprop(learningRate: 0.5))
    #expect(try Optimizer(named: "sgd") == .sgd(learningRate: 0.01))
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
      guard case TrainingError.notFinite(1, 2, _, 0.001) = error else { return false }
      return "\(error)".contains("lower the learning rate")
    }
    // The step that failed changed nothing; the one before it did.
    #expect(trainer.model.parameters != before)
    #expect(trainer.model.parameters.allSatisfy { $0.tensor.scalars.allSatisfy(\.isFinite) })
  }

  @Test func familiesDecideExitCodes() {
    #expect(TrainingError.missingParameter(name: "head/dense/kernel").family == .missing)
    #expect(TrainingError.malformedHead(reason: "").family == .malformed)
    #expect(TrainingError.count(place: "labels", expected: 1, found: 2).family == .mismatch)
  }
}
