/// Ends training when a measured number has not improved for some epochs: Keras's `EarlyStopping`.
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
  ///   - mode: which way is better.
  ///   - patience: epochs without improvement after which training ends.
  ///   - minimumChange: how much better is better; Keras's `min_delta`.
  ///   - baseline: what must be passed, too, before patience is regained.
  ///   - firstEpoch: the epoch, from 0, that is looked at first; Keras's `start_from_epoch`.
  ///   - restoresBest: whether the head goes back to the best epoch at the end, stopped early or not.
  /// - Throws: ``TrainingError/setting(name:expected:found:)`` for negative counts and for what is no number.
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

  /// Forgets what an earlier training measured.
  ///
  /// - Throws: ``TrainingError/setting(name:expected:found:)`` when no epoch will measure what is watched.
  public func trainingBegan(_ plan: TrainingPlan, _: inout Trainer) throws(TrainingError) {
    try settings.monitor.check(plan)
    progress.value = Progress()
    bestModel.value = nil
  }

  /// Compares the epoch with the best one, and loses patience.
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

  /// Brings the best epoch's head back when asked to.
  public func trainingEnded(_ trainer: inout Trainer) {
    if let bestModel = bestModel.value { trainer.model = bestModel }
  }

  /// The best epoch, with its head, and the patience that is left.
  public var state: CallbackState? {
    get throws {
      let tensors = (bestModel.value?.parameters ?? []).map { ($0.name, $0.tensor) }
      return try CallbackState(
        settings: settings, progress: progress.value, tensors: Dictionary(tensors, uniquingKeysWith: { $1 }))
    }
  }

  /// Remembers them again.
  ///
  /// - Throws: ``TrainingError/resumption(place:expected:found:)`` for the state of a callback with other settings.
  public func restore(_ state: CallbackState, _ trainer: Trainer) throws {
    progress.value = try state.progress("EarlyStopping", settings: settings)
    guard !state.tensors.isEmpty else { return }
    bestModel.value = try trainer.model.withParameters { state.tensors[$0] }
  }
}
