public import Training

/// How the parameters of a head are found. What belongs to one way cannot be said of the other.
///
/// ```swift
/// TrainingOptions(fit: .epochs(12, optimizer: .sgd(momentum: 0.9)))
/// TrainingOptions(fit: .linear(LinearFit(strength: .fixed(1))))
/// ```
public enum Fit: Sendable {
  /// Step by step, in batches of images, for some epochs.
  case epochs(EpochOptions)
  /// To convergence, by a method that has neither epochs nor learning rate: for a head that is one dense layer.
  case linear(LinearFit)

  /// In batches, for `count` epochs.
  ///
  /// - Parameters:
  ///   - count: passes over the training images.
  ///   - batchSize: images per batch.
  ///   - optimizer: the optimisation algorithm.
  ///   - callbacks: called at every stage of training.
  public static func epochs(
    _ count: Int = 10, batchSize: Int = 32, optimizer: Optimizer = .adam(),
    callbacks: [any TrainingCallback] = []
  ) -> Fit {
    .epochs(EpochOptions(count: count, batchSize: batchSize, optimizer: optimizer, callbacks: callbacks))
  }
}

/// How a head is trained in epochs; Keras's defaults where Keras has one.
public struct EpochOptions: Sendable {
  /// Passes over the training images, 1 or more.
  public var count: Int
  /// Images per batch, 1 or more.
  public var batchSize: Int
  /// The optimisation algorithm.
  public var optimizer: Optimizer
  /// The learning rate in place of the optimizer's, made once it is known how many steps an epoch has:
  /// `{ steps in .cosineDecay(from: 0.001, steps: 12 * steps) }`.
  public var schedule: (@Sendable (_ stepsPerEpoch: Int) -> LearningRate)?
  /// How much the images of every class count, in training and not in validation; nil for all alike.
  public var classWeights: ClassWeights?
  /// Batches per epoch, 1 or more; the next epoch continues where this one ended; nil for all.
  public var stepsPerEpoch: Int?
  /// Batches to validate on, 1 or more; nil for all.
  public var validationSteps: Int?
  /// Images in each of them, 1 or more, on which no result depends where all are measured; nil for ``batchSize``.
  public var validationBatchSize: Int?
  /// Whether images are shuffled anew for every epoch.
  public var shuffles = true
  /// Called at every stage of training.
  public var callbacks: [any TrainingCallback]
  /// The checkpoint to resume an interrupted training from; the result is the same as without the interruption.
  public var checkpoint: TrainingCheckpoint?
  /// Where a cancelled training writes a checkpoint to resume from; nil for none.
  public var cancellationCheckpoint: String?

  /// Ten epochs of Adam in batches of 32.
  public init(
    count: Int = 10, batchSize: Int = 32, optimizer: Optimizer = .adam(),
    callbacks: [any TrainingCallback] = []
  ) {
    self.count = count
    self.batchSize = batchSize
    self.optimizer = optimizer
    self.callbacks = callbacks
  }

  /// Refuses numbers that no training can be run with.
  func check() throws(TrainingError) {
    try Trainer.check(
      epochs: count, batchSize: batchSize, stepsPerEpoch: stepsPerEpoch, validationSteps: validationSteps,
      validationBatchSize: validationBatchSize)
    try optimizer.check()
  }

  /// The batches of a full pass over so many images.
  func batches(of images: Int) -> Int { Self.batches(of: images, batchSize) }

  /// The batches of `size` that so many images make.
  static func batches(of images: Int, _ size: Int) -> Int {
    let size = min(max(1, size), max(1, images))
    return (images + size - 1) / size
  }

  /// The optimizer with the learning rate that the schedule makes for so many training images.
  func scheduledOptimizer(images: Int) -> Optimizer {
    var optimizer = optimizer
    let batches = max(1, batches(of: images))
    if let schedule { optimizer.learningRate = schedule(min(stepsPerEpoch ?? batches, batches)) }
    return optimizer
  }
}
