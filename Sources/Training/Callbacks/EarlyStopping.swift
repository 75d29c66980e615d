/// Ends training when a measured number has not improved for some epochs: Keras's `EarlyStopping`.
public final class EarlyStopping: TrainingCallback {
  private let monitor: Monitor
  private let patience: Int
  private let baseline: Double?
  private let firstEpoch: Int
  private let restoresBest: Bool
  private var best: (value: Double, epoch: Int, model: HeadModel?)?
  private var waited = 0
  /// The epoch, from 0, after which training ended early; nil when it did not.
  public private(set) var stoppedEpoch: Int?

  /// The epoch, from 0, that measured best; nil when nothing was measured.
  public var bestEpoch: Int? { best?.epoch }

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
  public init(
    monitor: String = "val_loss", mode: MonitorMode = .automatic, patience: Int = 0,
    minimumChange: Double = 0, baseline: Double? = nil, firstEpoch: Int = 0, restoresBest: Bool = false
  ) {
    self.monitor = Monitor(monitor, mode: mode, minimumChange: minimumChange)
    self.patience = patience
    self.baseline = baseline
    self.firstEpoch = firstEpoch
    self.restoresBest = restoresBest
  }

  /// Forgets what an earlier training measured.
  ///
  /// - Throws: ``TrainingError/setting(name:expected:found:)`` when no epoch will measure what is watched.
  public func trainingBegan(_ plan: TrainingPlan, _: inout Trainer) throws {
    try monitor.check(plan)
    best = nil
    waited = 0
    stoppedEpoch = nil
  }

  /// Compares the epoch with the best one, and loses patience.
  public func epochEnded(_ epoch: Int, _ logs: Logs, _ trainer: inout Trainer) throws {
    guard let value = try monitor.value(in: logs), epoch >= firstEpoch else { return }
    waited += 1
    if monitor.isBetter(value, than: best?.value) {
      best = (value, epoch, restoresBest ? trainer.model : nil)
      if monitor.isBetter(value, than: baseline) { waited = 0 }
    } else if waited >= patience, epoch > 0 {
      stoppedEpoch = epoch
      trainer.stopsTraining = true
    }
  }

  /// Brings the best epoch's head back when asked to.
  public func trainingEnded(_ trainer: inout Trainer) {
    if let model = best?.model { trainer.model = model }
  }
}
