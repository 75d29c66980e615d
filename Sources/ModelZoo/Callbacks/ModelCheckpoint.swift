import Files
import TensorArchive
public import Training

/// Writes checkpoints while a head trains, after every epoch, every few, or the best ones: Keras's
/// `ModelCheckpoint`.
///
/// A checkpoint is everything that is needed to resume training; `TrainingCheckpoint(contentsOf:)` reads it, and
/// `fit(resuming:)` or ``EpochOptions/checkpoint`` resumes from there.
///
/// ```swift
/// try ModelCheckpoint("checkpoints/{epoch:02d}-{val_loss:.2f}.checkpoint", savesBestOnly: true)
/// ```
public final class ModelCheckpoint: TrainingCallback {
  private let template: FileNameTemplate
  private let monitor: Monitor
  private let savesBestOnly: Bool
  private let interval: Int
  private let threshold: Double?
  private let progress = Locked(Progress())

  private struct Progress {
    var best: Double?
    var pendingPath: String?
    var lastPath: String?
  }

  /// The file to write when the checkpoint is made.
  package var pendingPath: String? { progress.value.pendingPath }
  /// The file that was written last; nil before the first.
  public var lastPath: String? { progress.value.lastPath }

  /// Writes to `path`, in which `{epoch:02d}` and `{val_loss:.2f}` are replaced as Python does it.
  ///
  /// - Parameters:
  ///   - path: without places for numbers, every checkpoint takes the place of the one before. Folders are made.
  ///   - monitor: the metric that decides which epoch is best.
  ///   - mode: whether lower or higher is better.
  ///   - savesBestOnly: whether only an epoch better than all before is written; Keras's `save_best_only`.
  ///   - interval: epochs from one checkpoint to the next.
  ///   - threshold: what the first one must be better than; Keras's `initial_value_threshold`.
  /// - Throws: ``ModelZooError/fileName(template:reason:)``, `TrainingError.setting(name:expected:found:)` for an
  ///   interval below 1 and for a threshold that is no number.
  public init(
    _ path: String, monitor: String = "val_loss", mode: MonitorMode = .automatic,
    savesBestOnly: Bool = false, interval: Int = 1, threshold: Double? = nil
  ) throws {
    guard interval >= 1 else {
      throw TrainingError.setting(name: "interval", expected: "1 or more epochs", found: "\(interval)")
    }
    if let threshold, threshold.isNaN {
      throw TrainingError.setting(name: "threshold", expected: "a number", found: "\(threshold)")
    }
    template = try FileNameTemplate(path)
    self.monitor = Monitor(monitor, mode: mode)
    self.savesBestOnly = savesBestOnly
    self.interval = interval
    self.threshold = threshold
  }

  /// Resets the callback.
  ///
  /// - Throws: `TrainingError` when no epoch measures `monitor`.
  public func trainingBegan(_ plan: TrainingPlan, _: inout Trainer) throws {
    if savesBestOnly { try monitor.check(plan) }
    try template.check(plan.names)
    (progress.value.best, progress.value.pendingPath) = (threshold, nil)
  }

  /// Requests a checkpoint if the epoch is due or the best so far.
  ///
  /// - Throws: ``ModelZooError/fileName(template:reason:)`` where the file name needs a metric that no epoch has.
  public func epochEnded(_ epoch: Int, _ logs: Logs, _ trainer: inout Trainer) throws {
    guard (epoch + 1).isMultiple(of: interval) else { return }
    if savesBestOnly {
      guard let value = logs[monitor.name], monitor.isBetter(value, than: progress.value.best) else { return }
      progress.value.best = value
    }
    progress.value.pendingPath = try template.path(epoch: epoch + 1, logs)
    trainer.requestsCheckpoint = true
  }

  /// Writes it.
  ///
  /// - Throws: `FileError` and `ArchiveError` when it cannot be written.
  public func checkpointMade(_ checkpoint: TrainingCheckpoint, _: inout Trainer) throws {
    guard let path = pendingPath else { return }
    progress.value.pendingPath = nil
    try OutputFolder.make(for: path)
    try checkpoint.write(to: path)
    progress.value.lastPath = path
  }

  private struct Settings: Codable, Equatable {
    var monitor: Monitor
    var interval: Int
    var threshold: Double?
  }

  /// The best number so far, where it matters.
  public var state: CallbackState? {
    get throws {
      savesBestOnly ? try CallbackState(settings: settings, progress: [progress.value.best]) : nil
    }
  }

  /// Restores the state.
  ///
  /// - Throws: `TrainingError.resumption(place:expected:found:)` for the state of a callback with other settings.
  public func restore(_ state: CallbackState, _: Trainer) throws {
    let kept: [Double?] = try state.progress("ModelCheckpoint", settings: settings)
    progress.value.best = kept.first ?? nil
  }

  private var settings: Settings { Settings(monitor: monitor, interval: interval, threshold: threshold) }
}
