import ModelZoo
import Reports

/// Shows a training while it goes on: a line an epoch, as Keras prints with `verbose=2`, and below them, on a
/// terminal, how far it is, how fast, how long still, and the loss as a curve.
final class TrainingView: TrainingCallback {
  private let console: Console
  private let clock: any Stopwatch
  private var status = TrainingStatus(epochs: 0, stepsPerEpoch: 0)
  private var lastDrawn: Double?

  init(_ console: Console, clock: any Stopwatch = MonotonicStopwatch()) {
    self.console = console
    self.clock = clock
  }

  func trainingBegan(_ plan: TrainingPlan, _: inout Trainer) {
    status = TrainingStatus(epochs: plan.epochs, stepsPerEpoch: plan.stepsPerEpoch)
    (status.epoch, status.step) = (plan.firstEpoch + 1, plan.firstBatch)
    start = clock.seconds
  }

  private var start = 0.0

  func epochBegan(_ epoch: Int, _: inout Trainer) { (status.epoch, status.step) = (epoch + 1, 0) }

  func batchEnded(_ batch: Int, _ logs: Logs, _: inout Trainer) {
    status.step = batch + 1
    status.stepsDone += 1
    draw(logs)
  }

  func epochEnded(_: Int, _ logs: Logs, _: inout Trainer) {
    if let loss = logs["loss"] { status.losses.append(loss) }
    if let loss = logs["val_loss"] { status.validationLosses.append(loss) }
  }

  func trainingEnded(_: inout Trainer) { console.clearLive() }

  /// Draws at most ten times a second.
  private func draw(_ logs: Logs) {
    let now = clock.seconds
    guard now - (lastDrawn ?? -1) >= 0.1 else { return }
    lastDrawn = now
    var shown = status
    if let loss = logs["loss"] { shown.losses.append(loss) }
    console.drawLive { shown.line(seconds: now - start, columns: $0) }
  }
}
