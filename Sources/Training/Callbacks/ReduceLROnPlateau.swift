/// Lowers the learning rate when a metric has not improved for some epochs: Keras's
/// `ReduceLROnPlateau`.
public final class ReduceLROnPlateau: TrainingCallback {
  private struct Manner: Codable, Equatable, Sendable {
    var monitor: Monitor
    var factor: Double
    var patience: Int
    var cooldown: Int
    var minimumRate: Double
  }

  private struct Progress: Codable, Sendable {
    var best: Double?
    var waited = 0
    var cooldownLeft = 0
  }

  private let settings: Manner
  private let progress = Locked(Progress())

  /// Watches `monitor`; the rates are in the history as `learning_rate`.
  ///
  /// - Parameters:
  ///   - monitor: a key of ``History``.
  ///   - mode: whether lower or higher is better.
  ///   - factor: what the learning rate is multiplied by, in (0, 1).
  ///   - patience: epochs without improvement after which the rate is lowered.
  ///   - minimumChange: the smallest change that counts as an improvement; Keras's `min_delta`.
  ///   - cooldown: epochs after a reduction that do not count against patience.
  ///   - minimumRate: the lower bound of the learning rate; Keras's `min_lr`.
  /// - Throws: ``TrainingError/setting(name:expected:found:)`` for a factor outside (0, 1), negative counts and values
  ///   that are not finite.
  public init(
    monitor: String = "val_loss", mode: MonitorMode = .automatic, factor: Double = 0.1, patience: Int = 10,
    minimumChange: Double = 1e-4, cooldown: Int = 0, minimumRate: Double = 0
  ) throws(TrainingError) {
    guard factor > 0, factor < 1 else {
      throw .setting(name: "factor", expected: "more than 0 and less than 1", found: "\(factor)")
    }
    try Settings.check(count: patience, "patience")
    try Settings.check(count: cooldown, "cooldown")
    try Settings.check(finite: "minimum change", minimumChange)
    try Settings.check("minimum learning rate", minimumRate, in: 0..<1e6)
    settings = Manner(
      monitor: Monitor(monitor, mode: mode, minimumChange: minimumChange), factor: factor,
      patience: patience, cooldown: cooldown, minimumRate: minimumRate)
  }

  /// Resets the callback.
  ///
  /// - Throws: ``TrainingError/setting(name:expected:found:)`` when no epoch measures `monitor`, or when
  ///   the optimizer has a schedule of its own.
  public func trainingBegan(_ plan: TrainingPlan, _ trainer: inout Trainer) throws(TrainingError) {
    try settings.monitor.check(plan)
    try trainer.requireSettableLearningRate(for: "reduce-on-plateau")
    progress.value = Progress()
    trainer.logsLearningRate = true
  }

  /// Compares the epoch with the best one, and lowers the rate when patience has run out.
  public func epochEnded(_: Int, _ logs: Logs, _ trainer: inout Trainer) {
    guard let value = logs[settings.monitor.name] else { return }
    var progress = progress.value
    defer { self.progress.value = progress }
    if progress.cooldownLeft > 0 {
      progress.cooldownLeft -= 1
      progress.waited = 0
    }
    if settings.monitor.isBetter(value, than: progress.best) {
      progress.best = value
      progress.waited = 0
    } else if progress.cooldownLeft == 0 {
      progress.waited += 1
      if progress.waited >= settings.patience { reduce(&trainer, &progress) }
    }
  }

  private func reduce(_ trainer: inout Trainer, _ progress: inout Progress) {
    guard trainer.learningRate > Double(Float(settings.minimumRate)) else { return }
    trainer.learningRate = max(trainer.learningRate * settings.factor, settings.minimumRate)
    progress.cooldownLeft = settings.cooldown
    progress.waited = 0
  }

  /// The best number, and the remaining patience.
  public var state: CallbackState? {
    get throws { try CallbackState(settings: settings, progress: progress.value) }
  }

  /// Restores the state.
  ///
  /// - Throws: ``TrainingError/resumption(place:expected:found:)`` for the state of a callback with other settings.
  public func restore(_ state: CallbackState, _: Trainer) throws {
    progress.value = try state.progress("ReduceLROnPlateau", settings: settings)
  }
}
