package import Kernels
public import Tensors

/// Trains a head on features, as Keras's `compile` and `fit` do; everything random comes from one seed.
///
/// ```swift
/// var trainer = try Trainer(head: head, inputShape: [2048], optimizer: .adam(), seed: 7)
/// let history = try trainer.fit(features, .classes(labels), epochs: 12)
/// let probabilities = try trainer.model.predict(others)
/// ```
public struct Trainer: Sendable {
  /// The head in its current state.
  public internal(set) var model: HeadModel
  /// The loss to minimise.
  public let loss: Loss
  /// The metrics that are computed in addition to the loss.
  public let metrics: [Metric]
  /// The seed of initial parameters, shuffling and dropout.
  public let seed: UInt64
  /// Set by a callback to end training: after the batch at hand, the validation and the epoch's hooks.
  public var stopsTraining = false
  /// Set by a callback that changes the learning rate: `learning_rate` then ends the logs of every epoch.
  public var logsLearningRate = false
  /// Set by a callback to get a ``TrainingCheckpoint`` as soon as all callbacks have had their turn.
  public var requestsCheckpoint = false
  /// Set by a callback that gave back the head of an earlier epoch of this `fit`, from 0.
  var restoredEpoch: Int?
  /// The epochs finished in all calls of `fit`; decides the next epoch's order.
  public internal(set) var finishedEpochs = 0
  /// The first epochs of a `fit`, in which the head alone learns, and a part of a backbone before it stays as it is.
  package private(set) var headEpochs = 0
  /// The learning rate of the layers of a backbone, in place of the optimizer's; nil for the same.
  package private(set) var backboneLearningRate: Double?
  var state: OptimizerState

  /// Builds a head for features of `inputShape` (`[C]` or `[H, W, C]`) and prepares to train it.
  ///
  /// - Parameters:
  ///   - head: the layers to train.
  ///   - inputShape: of one sample's features.
  ///   - loss: nil for the one that suits the head's last layer.
  ///   - optimizer: the optimisation algorithm.
  ///   - metrics: the metrics that are computed in addition to the loss.
  ///   - seed: the seed of the initial parameters, the order of samples and dropout.
  /// - Throws: ``TrainingError`` when head, features, loss and optimizer do not fit together.
  public init(
    head: Head, inputShape: TensorShape, loss: Loss? = nil, optimizer: Optimizer = .adam(),
    metrics: [Metric] = [.accuracy], seed: UInt64 = 0
  ) throws(TrainingError) {
    let model = try HeadModel(head, inputShape: inputShape, seed: seed)
    try self.init(model, loss: loss, optimizer: optimizer, metrics: metrics, seed: seed)
  }

  /// Prepares to train `model` further, or to evaluate it, with a new optimizer.
  ///
  /// - Parameters:
  ///   - model: the head with its parameters.
  ///   - loss: nil for the one the head was trained with, or suits its last layer.
  ///   - optimizer: the optimisation algorithm.
  ///   - metrics: the metrics that are computed in addition to the loss.
  ///   - seed: the seed of the order of samples and of dropout.
  public init(
    _ model: HeadModel, loss: Loss? = nil, optimizer: Optimizer = .adam(),
    metrics: [Metric] = [.accuracy], seed: UInt64 = 0
  ) throws(TrainingError) {
    let loss = if let loss = loss ?? model.loss { loss } else { try Loss.suited(to: model.head) }
    try loss.check(model.head, outputs: model.outputCount)
    try optimizer.check()
    for (index, metric) in metrics.enumerated() {
      try metric.check(outputs: model.outputCount)
      guard !metrics[..<index].contains(metric) else {
        throw .setting(name: "metrics", expected: "each once", found: "\(metric.name) twice")
      }
    }
    try model.program.checkMemory(for: optimizer)
    self.model = model
    self.model.loss = loss
    self.loss = loss
    self.metrics = metrics
    self.seed = seed
    state = OptimizerState(optimizer, parameterCounts: model.program.trainableCounts)
    state.pool = model.pool
  }

  /// Says how a part of a backbone is trained with the head.
  ///
  /// - Parameters:
  ///   - headEpochs: the first epochs, in which the head alone learns; the optimizer begins anew behind them.
  ///   - learningRate: of the layers of the backbone, while the optimizer's is what it begins with; it goes up and down with that.
  /// - Throws: ``TrainingError/setting(name:expected:found:)``.
  package mutating func setBackbone(headEpochs: Int, learningRate: Double?) throws(TrainingError) {
    try Settings.check(count: headEpochs, "epochs of the head alone")
    if let learningRate {
      try Settings.check(learningRate: learningRate)
      guard let whole = optimizer.learningRate.reference, whole > 0 else {
        throw .setting(
          name: "learning rate of the backbone",
          expected: "a learning rate of the head that it goes along with",
          found: "\(optimizer.learningRate)")
      }
      for index in 0..<model.program.tailParameterCount { state.factors[index] = learningRate / whole }
    }
    self.headEpochs = headEpochs
    backboneLearningRate = learningRate
  }

  /// What the learning rate of a backbone's layers is, as a part of the head's; nil where none of them learns.
  package var backboneFactor: Double? { model.tail == nil ? nil : state.factors.first }

  /// The optimisation algorithm.
  public var optimizer: Optimizer { state.optimizer }

  /// What the features of the samples become in an epoch, counted as ``finishedEpochs``; nil where they stay.
  /// As many as there are samples, of the same shape.
  /// What they become is no part of a checkpoint: ``featuresOfEpochDescription`` is.
  package var featuresOfEpoch: (@Sendable (_ epoch: Int) throws -> any SampleRows)?

  /// What decides ``featuresOfEpoch``, in words that change with it: a training is resumed only where they agree.
  package var featuresOfEpochDescription = "none"

  /// Where the parameters came from, in words that change with it: a training is resumed only where they agree.
  package var start = "a new head"

  /// The most bytes that values and gradients of a batch may take, where layers of a backbone learn: what does not stay is computed
  /// again, to the same bits. Nil for what memory there is.
  package var batchMemory: Int?
  /// What does not stay, whatever the memory: nil for what ``batchMemory`` asks for.
  package var recomputation: Recomputation?

  /// What else a checkpoint is to keep, as texts by their names: what makes a model of the head and the history it is given.
  package var sectionsOfCheckpoint: (@Sendable (HeadModel, History) throws -> [String: String])?

  /// The threads that multiply; how many there are changes no bit.
  package var pool: ThreadPool {
    get { model.pool }
    set { (model.pool, state.pool) = (newValue, newValue) }
  }

  /// The learning rate of the next step, in single precision, as in Keras. What is set takes the place of the optimizer's own learning rate,
  /// schedule or not, until the end; see ``requireSettableLearningRate(for:)``.
  public var learningRate: Double {
    get { state.learningRate }
    set { state.learningRate = newValue }
  }

  /// Refuses to let something set the learning rate while a schedule decides it, as Keras does.
  ///
  /// - Parameter purpose: what wants to set it: `reduce-on-plateau`.
  public func requireSettableLearningRate(for purpose: String) throws(TrainingError) {
    guard optimizer.learningRate.isConstant else {
      throw .setting(
        name: "learning rate", expected: "one number, for \(purpose) to change",
        found: "the schedule \(optimizer.learningRate)")
    }
  }

  /// The mean loss and the metrics over all samples, without dropout; the loss includes the penalties on weights.
  ///
  /// - Throws: ``TrainingError`` when features or labels do not fit the head.
  public func evaluate(_ features: Tensor, _ labels: Labels, batchSize: Int = 32) throws(TrainingError)
    -> Logs
  {
    try evaluate(Samples(features, labels), batchSize: batchSize)
  }

  /// The same for samples that may have weights. No result depends on the batch size, but for which samples so many steps measure.
  ///
  /// - Parameters:
  ///   - samples: features with their labels, and weights perhaps.
  ///   - batchSize: samples at a time.
  ///   - steps: batches to measure, from the first; nil for all.
  /// - Throws: ``TrainingError`` for no samples, numbers out of range, and what does not belong to the head.
  public func evaluate(_ samples: Samples, batchSize: Int = 32, steps: Int? = nil) throws(TrainingError)
    -> Logs
  {
    try evaluate(SourcedSamples(samples), batchSize: batchSize, steps: steps)
  }

  /// The same for features that need not be in memory.
  func evaluate(
    _ samples: SourcedSamples, batchSize: Int = 32, steps: Int? = nil
  ) throws(TrainingError) -> Logs {
    let count = try check(samples, batchSize)
    if let steps { try Settings.check(steps: steps, "steps") }
    // A batch of more than all is a batch of all.
    let batchSize = min(batchSize, count)
    let batches = min(steps ?? count, (count + batchSize - 1) / batchSize)
    let most = min(count, batches * batchSize)
    let predictor = try model.predictor(batchSize: batchSize, samples: most)
    let answers = try predictor.answers(samples.features, upTo: most)
    return measure(answers, samples.labels, weights: samples.weights)
  }

  /// The same where the head has answered already: `answers` are those of the first samples that have labels.
  ///
  /// - Throws: ``TrainingError`` for no samples, and labels that do not belong to the head.
  package func evaluate(
    _ answers: HeadAnswers, _ labels: Labels, weights: [Float]? = nil
  ) throws(TrainingError) -> Logs {
    try check(labels, weights, count: answers.count)
    return measure(answers, labels, weights: weights)
  }

  /// Measures in pieces of one size, so that no sum depends on the batches that the answers came in.
  private func measure(_ answers: HeadAnswers, _ labels: Labels, weights: [Float]?) -> Logs {
    let piece = 32
    let evaluator = Evaluator(model, loss, metrics)
    let penalty = model.program.penalty(model.values)
    var batch = Batch()
    var tally = Tally()
    for start in stride(from: 0, to: answers.count, by: piece) {
      batch.load(labels, weights, start..<min(start + piece, answers.count), evaluator)
      tally.add(evaluator.evaluate(answers, from: start, batch, penalty: penalty))
    }
    return tally.logs
  }

  /// The number of samples, at least one, when everything fits.
  func check(_ samples: SourcedSamples, _ batchSize: Int) throws(TrainingError) -> Int {
    try Settings.check(batchSize: batchSize)
    let count = try model.sampleCount(of: samples.features.shape)
    try check(samples.labels, samples.weights, count: count)
    return count
  }

  private func check(_ labels: Labels, _ weights: [Float]?, count: Int) throws(TrainingError) {
    guard count > 0 else { throw .setting(name: "features", expected: "1 sample or more", found: "none") }
    try labels.check(samples: count, outputs: model.outputCount, loss: loss)
    try Samples.check(weights: weights, count: count)
  }
}
