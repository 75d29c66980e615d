/// Ends training when a measured number has not improved for some epochs: Keras's `EarlyStopping`.
public final class EarlyStopping: TrainingCallback {
  private let monitor: String
  private let patience: Int
  private let minimumChange: Double
  private let restoresBest: Bool
  private var best: (value: Double, epoch: Int, model: HeadModel)?
  private var waited = 0
  /// The epoch, from 0, after which training ended early; nil when it did not.
  public private(set) var stoppedEpoch: Int?

  /// The epoch, from 0, that measured best; nil when nothing was measured.
  public var bestEpoch: Int? { best?.epoch }

  /// Watches `monitor`: an accuracy shall rise, anything else shall fall.
  ///
  /// - Parameters:
  ///   - monitor: a key of ``History``; without such a number nothing happens.
  ///   - patience: epochs without improvement after which training ends.
  ///   - minimumChange: how much better is better.
  ///   - restoresBest: whether the head goes back to the best epoch at the end, stopped early or not.
  public init(
    monitor: String = "val_loss", patience: Int = 0, minimumChange: Double = 0, restoresBest: Bool = false
  ) {
    self.monitor = monitor
    self.patience = patience
    self.minimumChange = abs(minimumChange)
    self.restoresBest = restoresBest
  }

  /// Forgets what an earlier training measured.
  public func trainingBegan(_: TrainingPlan, _: inout Trainer) {
    best = nil
    waited = 0
    stoppedEpoch = nil
  }

  /// Compares the epoch with the best one, and loses patience.
  public func epochEnded(_ epoch: Int, _ logs: Logs, _ trainer: inout Trainer) {
    guard let value = logs[monitor] else { return }
    let sign: Double = monitor.hasSuffix("accuracy") ? -1 : 1
    guard let former = best, !(sign * (value - former.value) < -minimumChange) else {
      best = (value, epoch, trainer.model)
      waited = 0
      return
    }
    waited += 1
    guard waited >= patience else { return }
    stoppedEpoch = epoch
    trainer.stopsTraining = true
  }

  /// Brings the best epoch's head back when asked to.
  public func trainingEnded(_ trainer: inout Trainer) {
    if restoresBest, let best { trainer.model = best.model }
  }
}
