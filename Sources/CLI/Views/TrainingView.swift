import ModelZoo
import Reports

/// Shows a running training: one line per epoch, as Keras prints with `verbose=2`, and below them, on a
/// terminal, how far it is, how fast, how long still, and the loss as a curve.
final class TrainingView: TrainingCallback {
  private let console: Console
  private let clock: any Stopwatch
  private let progress = Locked(Progress(status: TrainingStatus(epochs: 0, stepsPerEpoch: 0)))

  private struct Progress {
    var status: TrainingStatus
    var start = 0.0
    var lastDrawn: Double?
  }

  init(_ console: Console, clock: any Stopwatch = MonotonicStopwatch()) {
    self.console = console
    self.clock = clock
  }

  func trainingBegan(_ plan: TrainingPlan, _: inout Trainer) {
    var status = TrainingStatus(epochs: plan.epochs, stepsPerEpoch: plan.stepsPerEpoch)
    (status.epoch, status.step) = (plan.firstEpoch + 1, plan.firstBatch)
    progress.value = Progress(status: status, start: clock.seconds, lastDrawn: progress.value.lastDrawn)
  }

  func epochBegan(_ epoch: Int, _: inout Trainer) {
    progress.update { ($0.status.epoch, $0.status.step) = (epoch + 1, 0) }
  }

  func batchEnded(_ batch: Int, _ logs: Logs, _: inout Trainer) {
    progress.update {
      $0.status.step = batch + 1
      $0.status.stepsDone += 1
    }
    draw(logs)
  }

  func epochEnded(_: Int, _ logs: Logs, _: inout Trainer) {
    progress.update { progress in
      if let loss = logs["loss"] { progress.status.losses.append(loss) }
      if let loss = logs["val_loss"] { progress.status.validationLosses.append(loss) }
    }
  }

  func trainingEnded(_: inout Trainer) { console.clearLive() }

  /// Draws at most ten times a second.
  private func draw(_ logs: Logs) {
    let now = clock.seconds
    let progress = progress.value
    guard now - (progress.lastDrawn ?? -1) >= 0.1 else { return }
    self.progress.value.lastDrawn = now
    var shown = progress.status
    if let loss = logs["loss"] { shown.losses.append(loss) }
    console.drawLive { shown.line(seconds: now - progress.start, columns: $0) }
  }
}
