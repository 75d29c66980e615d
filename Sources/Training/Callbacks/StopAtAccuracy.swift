/// Ends training after the first epoch that reaches an accuracy.
public final class StopAtAccuracy: TrainingCallback {
  private let accuracy: Double
  private let monitor: Monitor
  /// The epoch, from 0, that reached the accuracy; nil when none did.
  public var stoppedEpoch: Int? { stopped.value }
  private let stopped = Locked<Int?>(nil)

  /// Ends training when `monitor` reaches `accuracy`, in (0, 1].
  public init(_ accuracy: Double, monitor: String = "val_accuracy") throws(TrainingError) {
    guard accuracy > 0, accuracy <= 1 else {
      throw .setting(name: "accuracy", expected: "more than 0 and at most 1", found: "\(accuracy)")
    }
    self.accuracy = accuracy
    self.monitor = Monitor(monitor, mode: .maximum)
  }

  /// Resets the callback.
  ///
  /// - Throws: ``TrainingError/setting(name:expected:found:)`` when no epoch measures `monitor`.
  public func trainingBegan(_ plan: TrainingPlan, _: inout Trainer) throws(TrainingError) {
    try monitor.check(plan)
    stopped.value = nil
  }

  /// Looks at the epoch.
  public func epochEnded(_ epoch: Int, _ logs: Logs, _ trainer: inout Trainer) {
    guard let value = logs[monitor.name], value >= accuracy else { return }
    stopped.value = epoch
    trainer.stopsTraining = true
  }
}
