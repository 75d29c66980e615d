/// Ends training when a metric has not improved for some epochs: Keras's `EarlyStopping`.
public final class EarlyStopping: TrainingCallback {
  private struct Manner: Codable, Equatable, Sendable {
    var monitor: Monitor
    var patience: Int
    var baseline: Double?
    var firstEpoch: Int
    var restoresBest: Bool
  }

  private struct Progress: Codable, Sendable {
    var best: Double?
    var bestEpoch: Int?
    var waited = 0
    var stoppedEpoch: Int?
  }

  private let settings: Manner
  private let progress = Locked(Progress())
  private let bestModel = Locked<HeadModel?>(nil)

  /// The epoch, from 0, after which training ended early; nil when it did not.
  public var stoppedEpoch: Int? { progress.value.stoppedEpoch }

  /// The epoch, from 0, that measured best; nil when nothing was measured.
  public var bestEpoch: Int? { progress.value.bestEpoch }

  /// Watches `monitor`.
  ///
  /// - Parameters:
  ///   - monitor: a key of ``History``.
  ///   - mode: whether lower or higher is better.
  ///   - patience: epochs without improvement after which training ends.
  ///   - minimumChange: the smallest change that counts as an improvement; Keras's `min_delta`.
  ///   - baseline: a value that must also be improved on before patience is reset; Keras's `baseline`.
  ///   - firstEpoch: the first epoch, from 0, that is compared; Keras's `start_from_epoch`.
  ///   - restoresBest: whether the head of the best epoch is restored at the end, stopped early or not.
  /// - Throws: ``TrainingError/setting(name:expected:found:)`` for negative counts and values that are not finite.
  public init(
    monitor: String = "val_loss", mode: MonitorMode = .automatic, patience: Int = 0,
    minimumChange: Double = 0, baseline: Double? = nil, firstEpoch: Int = 0, restoresBest: Bool = false
  ) throws(TrainingError) {
    try Settings.check(count: patience, "patience")
    try Settings.check(finite: "minimum change", minimumChange)
    if let baseline { try Settings.check(finite: "baseline", baseline) }
    try Settings.check(count: firstEpoch, "first epoch")
    settings = Manner(
      monitor: Monitor(monitor, mode: mode, minimumChange: minimumChange), patience: patience,
      baseline: baseline, firstEpoch: firstEpoch, restoresBest: restoresBest)
  }

  /// Resets the callback.
  ///
  /// - Throws: ``TrainingError/setting(name:expected:found:)`` when no epoch measures `monitor`.
  public func trainingBegan(_ plan: TrainingPlan, _: inout Trainer) throws(TrainingError) {
    try settings.monitor.check(plan)
    progress.value = Progress()
    bestModel.value = nil
  }

  /// Compares the epoch with the best one, and stops training when patience has run out.
  public func epochEnded(_ epoch: Int, _ logs: Logs, _ trainer: inout Trainer) {
    let monitor = settings.monitor
    guard let value = logs[monitor.name], epoch >= settings.firstEpoch else { return }
    var progress = progress.value
    defer { self.progress.value = progress }
    progress.waited += 1
    if monitor.isBetter(value, than: progress.best) {
      (progress.best, progress.bestEpoch) = (value, epoch)
      if settings.restoresBest { bestModel.value = trainer.model }
      if monitor.isBetter(value, than: settings.baseline) { progress.waited = 0 }
    } else if progress.waited >= settings.patience, epoch > 0 {
      progress.stoppedEpoch = epoch
      trainer.stopsTraining = true
    }
  }

  /// Restores the head of the best epoch if asked to.
  public func trainingEnded(_ trainer: inout Trainer) {
    guard let bestModel = bestModel.value else { return }
    trainer.model = bestModel
    trainer.restoredEpoch = bestEpoch
  }

  /// The best epoch, with its head, and the remaining patience.
  public var state: CallbackState? {
    get throws {
      let tensors = (bestModel.value?.parameters ?? []).map { ($0.name, $0.tensor) }
      return try CallbackState(
        settings: settings, progress: progress.value, tensors: Dictionary(tensors, uniquingKeysWith: { $1 }))
    }
  }

  /// Restores the state.
  ///
  /// - Throws: ``TrainingError/resumption(place:expected:found:)`` for the state of a callback with other settings.
  public func restore(_ state: CallbackState, _ trainer: Trainer) throws {
    progress.value = try state.progress("EarlyStopping", settings: settings)
    guard !state.tensors.isEmpty else { return }
    bestModel.value = try trainer.model.withParameters { state.tensors[$0] }
  }
}
