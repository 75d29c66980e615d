import ModelZoo
import Reports

/// Saves a checkpoint when the user has had enough: the first Ctrl-C ends training after the batch at hand, the
/// second ends it at once.
final class InterruptionSaver: TrainingCallback {
  private let path: String
  private let command: String
  private let isAsked: @Sendable () -> Bool
  private let isSaving = Locked(false)

  /// - Parameters:
  ///   - path: the checkpoint.
  ///   - command: what to type to go on.
  init(path: String, command: String, isAsked: @escaping @Sendable () -> Bool = { Interruptions.isAsked }) {
    self.path = path
    self.command = command
    self.isAsked = isAsked
  }

  func trainingBegan(_: TrainingPlan, _: inout Trainer) {
    isSaving.value = false
    Interruptions.beginDeferral()
  }

  func batchEnded(_: Int, _: Logs, _ trainer: inout Trainer) { saveIfAsked(&trainer) }

  func epochEnded(_: Int, _: Logs, _ trainer: inout Trainer) { saveIfAsked(&trainer) }

  private func saveIfAsked(_ trainer: inout Trainer) {
    guard isAsked() else { return }
    isSaving.value = true
    trainer.requestsCheckpoint = true
  }

  func checkpointMade(_ checkpoint: TrainingCheckpoint, _: inout Trainer) throws {
    guard isSaving.value else { return }
    try checkpoint.write(to: path)
    Interruptions.endDeferral()
    throw Interruption(
      description: "interrupted after \(checkpoint.place); all of it is in \(path); to go on:\n  \(command)")
  }

  func trainingEnded(_: inout Trainer) { Interruptions.endDeferral() }
}
