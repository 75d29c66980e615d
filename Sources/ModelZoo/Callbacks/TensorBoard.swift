import Foundation
import Reports
import TensorArchive
import Tensors
public import Training

/// Writes event files for TensorBoard: Keras's `TensorBoard`, with its folders and names.
///
/// The sub-folders `train` and `validation` are one run each. Every epoch adds `epoch_loss`, `epoch_accuracy` and
/// whatever else was measured to both, `epoch_learning_rate` to the first, and, when asked for, a histogram of
/// each of the head's parameters. `tensorboard --logdir FOLDER` shows them.
public final class TensorBoard: TrainingCallback {
  /// One of the folder's sub-folders.
  public enum Run: String, Hashable, Sendable {
    /// The training images.
    case train
    /// The validation images.
    case validation
  }

  private let folder: String
  private let histogramFrequency: Int
  private let clock: @Sendable () -> Double
  private let progress = Locked(Progress())

  private struct Progress {
    var logs: [Run: EventLog] = [:]
    var firstEpoch = 0
  }

  /// Writes into `folder`, which is made when training begins.
  ///
  /// - Parameters:
  ///   - folder: Keras's `log_dir`.
  ///   - histogramFrequency: epochs from one histogram of the parameters to the next; 0 for none.
  public convenience init(_ folder: String, histogramFrequency: Int = 0) {
    self.init(folder, histogramFrequency: histogramFrequency) { Date().timeIntervalSince1970 }
  }

  package init(_ folder: String, histogramFrequency: Int, clock: @escaping @Sendable () -> Double) {
    self.folder = folder
    self.histogramFrequency = histogramFrequency
    self.clock = clock
  }

  /// Starts new files; when an interrupted training is resumed, they say from which epoch.
  ///
  /// - Throws: `FileError` when they cannot be written.
  public func trainingBegan(_ plan: TrainingPlan, _: inout Trainer) throws {
    progress.value = Progress(firstEpoch: plan.firstEpoch)
    _ = try log(.train)
  }

  /// Writes the epoch's numbers.
  ///
  /// - Throws: `FileError` when they cannot be written.
  public func epochEnded(_ epoch: Int, _ logs: Logs, _ trainer: inout Trainer) throws {
    for entry in logs.entries where entry.name != "learning_rate" {
      let isValidation = entry.name.hasPrefix("val_")
      let name = isValidation ? String(entry.name.dropFirst(4)) : entry.name
      try add(entry.value, "epoch_" + name, isValidation ? .validation : .train, epoch)
    }
    try add(logs["learning_rate"] ?? trainer.learningRate, "epoch_learning_rate", .train, epoch)
    guard histogramFrequency > 0, epoch.isMultiple(of: histogramFrequency) else { return }
    for parameter in trainer.model.parameters {
      let name = parameter.name.hasPrefix("head/") ? String(parameter.name.dropFirst(5)) : parameter.name
      let buckets = HistogramBucket.buckets(of: parameter.tensor.scalars)
      try log(.train).append(step: epoch, .summary(tag: name + "/histogram", .histogram(buckets)))
    }
  }

  /// Adds images, each the bytes of a PNG file, under the name `tag`; the first one's size is shown.
  ///
  /// - Parameters:
  ///   - images: PNG files, byte for byte.
  ///   - tag: what they are, as in `mistakes`.
  ///   - step: the epoch, from 0.
  ///   - run: whose images they are.
  /// - Throws: ``ModelZooError/notAPNG(place:index:)``, and `FileError` when they cannot be written.
  public func add(images: [[UInt8]], tag: String, step: Int, run: Run = .validation) throws {
    let encoded = try images.enumerated().map { index, bytes in
      guard let image = PNGImage(bytes) else { throw ModelZooError.notAPNG(place: tag, index: index) }
      return image
    }
    guard !encoded.isEmpty else { return }
    try log(run).append(step: step, .summary(tag: tag, .images(encoded)))
  }

  private func add(_ value: Double, _ tag: String, _ run: Run, _ epoch: Int) throws {
    try log(run).append(step: epoch, .summary(tag: tag, .scalar(Float(value))))
  }

  private func log(_ run: Run) throws -> EventLog {
    let firstEpoch = progress.value.firstEpoch
    if let log = progress.value.logs[run] { return log }
    let log = try EventLog(folder: "\(folder)/\(run.rawValue)", clock: clock)
    if firstEpoch > 0 { try log.append(step: firstEpoch, .start) }
    progress.value.logs[run] = log
    return log
  }
}
