/// A callback as in Keras: it is called at every stage of training, and may act on the trainer.
///
/// A callback may set the trainer's ``Trainer/learningRate``, ask it to stop by ``Trainer/stopsTraining`` or
/// replace its ``Trainer/model``. Epochs and batches count from 0.
///
/// Hooks are called one after the other, on the thread that trains, which is not the one that made the callback: a
/// callback keeps its state behind a lock.
public protocol TrainingCallback: AnyObject, Sendable {
  /// Before the first epoch; `plan` says what is to come.
  ///
  /// - Throws: anything; whatever a hook throws ends the training and is what the training throws.
  func trainingBegan(_ plan: TrainingPlan, _ trainer: inout Trainer) throws
  /// Before an epoch.
  func epochBegan(_ epoch: Int, _ trainer: inout Trainer) throws
  /// After a step; `logs` are the means over the epoch so far.
  func batchEnded(_ batch: Int, _ logs: Logs, _ trainer: inout Trainer) throws
  /// After an epoch and its validation.
  func epochEnded(_ epoch: Int, _ logs: Logs, _ trainer: inout Trainer) throws
  /// After the last epoch.
  func trainingEnded(_ trainer: inout Trainer) throws
  /// Whether a loss that is no number is this callback's business; training fails when it is nobody's.
  var handlesInvalidLoss: Bool { get }
  /// After the hook in which a callback set ``Trainer/requestsCheckpoint``, when all callbacks had their turn.
  func checkpointMade(_ checkpoint: TrainingCheckpoint, _ trainer: inout Trainer) throws
  /// What the callback has to remember from epoch to epoch; nil when it remembers nothing.
  var state: CallbackState? { get throws }
  /// Remembers again, after ``trainingBegan(_:_:)``; `trainer` is where it was, too.
  ///
  /// - Throws: ``TrainingError/resumption(place:expected:found:)`` when the state is of a callback with other settings.
  func restore(_ state: CallbackState, _ trainer: Trainer) throws
}

extension TrainingCallback {
  /// Does nothing.
  public func trainingBegan(_: TrainingPlan, _: inout Trainer) {}
  /// Does nothing.
  public func epochBegan(_: Int, _: inout Trainer) {}
  /// Does nothing.
  public func batchEnded(_: Int, _: Logs, _: inout Trainer) {}
  /// Does nothing.
  public func epochEnded(_: Int, _: Logs, _: inout Trainer) {}
  /// Does nothing.
  public func trainingEnded(_: inout Trainer) {}
  /// False.
  public var handlesInvalidLoss: Bool { false }
  /// Does nothing.
  public func checkpointMade(_: TrainingCheckpoint, _: inout Trainer) {}
  /// Nil.
  public var state: CallbackState? { nil }
  /// Does nothing.
  public func restore(_: CallbackState, _: Trainer) {}
}

/// The extent of a training.
public struct TrainingPlan: Hashable, Sendable {
  /// The number of epochs, those before ``firstEpoch`` included.
  public var epochs: Int
  /// The epoch, from 0, that is trained first: above 0 when an interrupted training is resumed.
  public var firstEpoch: Int
  /// The batches of that epoch that are finished already, without a call of ``TrainingCallback/epochBegan(_:_:)``.
  public var firstBatch: Int
  /// The number of steps in every epoch.
  public var stepsPerEpoch: Int
  /// The number of samples trained on.
  public var samples: Int
  /// The number of samples validated on, 0 without validation.
  public var validationSamples: Int
  /// The metrics that are computed in addition to the loss.
  public var metrics: [Metric]

  package init(
    epochs: Int, firstEpoch: Int = 0, firstBatch: Int = 0, stepsPerEpoch: Int, samples: Int,
    validationSamples: Int, metrics: [Metric] = []
  ) {
    self.epochs = epochs
    self.firstEpoch = firstEpoch
    self.firstBatch = firstBatch
    self.stepsPerEpoch = stepsPerEpoch
    self.samples = samples
    self.validationSamples = validationSamples
    self.metrics = metrics
  }

  /// The names of the metrics of every epoch, in printing order: `accuracy`, `loss`, `val_accuracy`, `val_loss`.
  public var names: [String] { Logs.names(metrics, validates: validationSamples > 0) }
}
