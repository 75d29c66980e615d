/// Ends training, instead of failing, when the loss is not finite: Keras's `TerminateOnNaN`.
///
/// The head keeps the parameters it had before that step, and the history ends with the epoch at hand.
public final class TerminateOnNaN: TrainingCallback {
  /// The batch, from 0, whose loss was not finite; nil when all were finite.
  public var stoppedBatch: Int? { stopped.value }
  private let stopped = Locked<Int?>(nil)

  /// Looks at every batch.
  public init() {}

  /// True: this callback deals with it.
  public var handlesInvalidLoss: Bool { true }

  /// Resets the callback.
  public func trainingBegan(_: TrainingPlan, _: inout Trainer) { stopped.value = nil }

  /// Looks at the batch.
  public func batchEnded(_ batch: Int, _ logs: Logs, _ trainer: inout Trainer) {
    guard let loss = logs["loss"], !loss.isFinite else { return }
    stopped.value = batch
    trainer.stopsTraining = true
  }
}
