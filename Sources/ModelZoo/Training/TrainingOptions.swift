public import Datasets
public import Images
public import Training

/// How a head is trained; Keras's defaults where Keras has one.
public struct TrainingOptions: Sendable {
  /// Passes over the training pictures.
  public var epochs: Int
  /// Pictures a step.
  public var batchSize: Int
  /// How parameters follow their gradients.
  public var optimizer: Optimizer
  /// What is made small; nil for what suits the head's last layer.
  public var loss: Loss?
  /// Decides the initial parameters, the order of the pictures and what dropout drops.
  public var seed: UInt64
  /// What a picture's class is meant to become; nil for whatever suits the head.
  public var classMode: ClassMode?
  /// Random changes to the training pictures, never to those validated on.
  public var augmentation: Augmentation
  /// How many variants of each picture are computed, once, for the epochs to draw from; nil for all there are
  /// with flips alone, and for a new one in every epoch with anything else.
  public var variants: Int?
  /// Fits a linear head to convergence in place of epochs; optimizer, epochs, batch size and callbacks then
  /// have nothing to do.
  public var linearFit: LinearFit?
  /// Told of every step of training.
  public var callbacks: [any TrainingCallback]
  /// Where to go on with a training that was interrupted: the result is that of the training, had it not been.
  public var checkpoint: TrainingCheckpoint?

  /// What is measured beside the loss.
  public var metrics: [Metric] = [.accuracy]
  /// How much the pictures of every class count, in training and not in validation; nil for all alike.
  public var classWeights: ClassWeights?
  /// Batches of an epoch, the next of which goes on from there; nil for all.
  public var stepsPerEpoch: Int?
  /// Batches to validate on; nil for all.
  public var validationSteps: Int?
  /// Whether every pass takes the pictures in an order of its own.
  public var shuffles = true
  /// The learning rate in place of the optimizer's, made once it is known how many steps an epoch has:
  /// `{ steps in .cosineDecay(from: 0.001, steps: 12 * steps) }`.
  public var schedule: (@Sendable (_ stepsPerEpoch: Int) -> LearningRate)?
  /// Layers of the backbone that shall learn, too. Not available yet: anything but none is refused.
  public var trainableBackboneLayers: [String] = []

  /// Ten epochs of Adam in batches of 32.
  public init(
    epochs: Int = 10, batchSize: Int = 32, optimizer: Optimizer = .adam(), loss: Loss? = nil,
    seed: UInt64 = 0, linearFit: LinearFit? = nil, callbacks: [any TrainingCallback] = [],
    classMode: ClassMode? = nil,
    checkpoint: TrainingCheckpoint? = nil, augmentation: Augmentation = Augmentation(), variants: Int? = nil
  ) {
    self.checkpoint = checkpoint
    self.augmentation = augmentation
    self.variants = variants
    self.classMode = classMode
    self.epochs = epochs
    self.batchSize = batchSize
    self.optimizer = optimizer
    self.loss = loss
    self.seed = seed
    self.linearFit = linearFit
    self.callbacks = callbacks
  }
}
