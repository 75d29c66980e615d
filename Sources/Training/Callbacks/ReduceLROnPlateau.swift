/// Lowers the learning rate when a measured number has not improved for some epochs: Keras's
/// `ReduceLROnPlateau`.
public final class ReduceLROnPlateau: TrainingCallback {
  private let monitor: Monitor
  private let factor: Double
  private let patience: Int
  private let cooldown: Int
  private let minimumRate: Double
  private var best: Double?
  private var waited = 0
  private var cooldownLeft = 0

  /// Watches `monitor`; the rates are in the history as `learning_rate`.
  ///
  /// - Parameters:
  ///   - monitor: a key of ``History``.
  ///   - mode: which way is better.
  ///   - factor: what the learning rate is multiplied by, in (0, 1).
  ///   - patience: epochs without improvement after which the rate is lowered.
  ///   - minimumChange: how much better is better; Keras's `min_delta`.
  ///   - cooldown: epochs after a reduction in which no patience is lost.
  ///   - minimumRate: no rate is lower; Keras's `min_lr`.
  /// - Throws: ``TrainingError/setting(name:expected:found:)`` for a factor that lowers nothing.
  public init(
    monitor: String = "val_loss", mode: MonitorMode = .automatic, factor: Double = 0.1, patience: Int = 10,
    minimumChange: Double = 1e-4, cooldown: Int = 0, minimumRate: Double = 0
  ) throws(TrainingError) {
    guard factor > 0, factor < 1 else {
      throw .setting(name: "factor", expected: "more than 0 and less than 1", found: "\(factor)")
    }
    self.monitor = Monitor(monitor, mode: mode, minimumChange: minimumChange)
    self.factor = factor
    self.patience = patience
    self.cooldown = cooldown
    self.minimumRate = minimumRate
  }

  /// Forgets what an earlier training measured.
  ///
  /// - Throws: ``TrainingError/setting(name:expected:found:)`` when no epoch will measure what is watched.
  public func trainingBegan(_ plan: TrainingPlan, _ trainer: inout Trainer) throws {
    try monitor.check(plan)
    try trainer.requireSettableLearningRate(for: "reduce-on-plateau")
    (best, waited, cooldownLeft) = (nil, 0, 0)
    trainer.logsLearningRate = true
  }

  /// Compares the epoch with the best one, and lowers the rate when patience is at its end.
  public func epochEnded(_: Int, _ logs: Logs, _ trainer: inout Trainer) throws {
    guard let value = try monitor.value(in: logs) else { return }
    if cooldownLeft > 0 {
      cooldownLeft -= 1
      waited = 0
    }
    if monitor.isBetter(value, than: best) {
      best = value
      waited = 0
    } else if cooldownLeft == 0 {
      waited += 1
      if waited >= patience { reduce(&trainer) }
    }
  }

  private func reduce(_ trainer: inout Trainer) {
    guard trainer.learningRate > minimumRate else { return }
    trainer.learningRate = max(trainer.learningRate * factor, minimumRate)
    cooldownLeft = cooldown
    waited = 0
  }
}
