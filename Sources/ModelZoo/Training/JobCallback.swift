import Files
import Training

/// Tells whoever follows a job how its training goes, and ends a training that is cancelled after the step at hand, with a
/// checkpoint where one is wanted. The last of all callbacks: the others have had their turn.
final class JobCallback: TrainingCallback {
  private let context: JobContext<TrainingEvent>
  private let path: String?
  private let checkpoints: [ModelCheckpoint]
  private let pendingPaths = Locked<[String]>([])

  /// - Parameters:
  ///   - path: where a training that is cancelled leaves a checkpoint; nil for nowhere.
  ///   - callbacks: those that may write checkpoints of their own.
  init(
    _ context: JobContext<TrainingEvent>, checkpoint path: String?, beside callbacks: [any TrainingCallback]
  ) {
    (self.context, self.path) = (context, path)
    checkpoints = callbacks.compactMap { $0 as? ModelCheckpoint }
  }

  func trainingBegan(_ plan: TrainingPlan, _: inout Trainer) { context.report(.trainingBegan(plan)) }

  func epochBegan(_ epoch: Int, _: inout Trainer) { context.report(.epochBegan(epoch)) }

  func batchEnded(_ batch: Int, _ logs: Logs, _ trainer: inout Trainer) throws {
    context.report(.batchEnded(batch, logs))
    try stopIfCancelled(&trainer)
  }

  func epochEnded(_ epoch: Int, _ logs: Logs, _ trainer: inout Trainer) throws {
    context.report(.epochEnded(epoch, logs))
    pendingPaths.value = checkpoints.compactMap(\.pendingPath)
    try stopIfCancelled(&trainer)
  }

  private func stopIfCancelled(_ trainer: inout Trainer) throws {
    guard context.cancellation.isCancelled else { return }
    if path == nil { throw CancellationError() }
    trainer.requestsCheckpoint = true
  }

  func checkpointMade(_ checkpoint: TrainingCheckpoint, _: inout Trainer) throws {
    for path in pendingPaths.value { context.report(.checkpointSaved(path: path, place: checkpoint.place)) }
    pendingPaths.value = []
    guard let path, context.cancellation.isCancelled else { return }
    try OutputFolder.make(for: path)
    try checkpoint.write(to: path)
    context.report(.checkpointSaved(path: path, place: checkpoint.place))
    throw CancellationError()
  }

  func trainingEnded(_: inout Trainer) { context.report(.trainingEnded) }
}
