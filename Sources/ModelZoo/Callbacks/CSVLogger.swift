import Encoding
import Files
import Foundation
import Reports
import TensorArchive
public import Training

/// Writes the metrics of every epoch to a CSV file, one row per epoch: Keras's `CSVLogger`, in its format.
///
/// ```
/// epoch,accuracy,loss,val_accuracy,val_loss
/// 0,0.7012,0.6412,0.9136,0.3310
/// ```
///
/// When an interrupted training is resumed, rows of epochs that are trained again are removed first.
public final class CSVLogger: TrainingCallback {
  private let path: String
  private let appends: Bool
  private let progress = Locked(Progress())

  private struct Progress {
    var file: LogFile?
    var keys: [String]?
    var needsHeader = true
  }

  /// Writes to `path`.
  ///
  /// - Parameters:
  ///   - path: the file; made when training begins.
  ///   - appends: whether rows of an earlier training stay; Keras's `append`.
  public init(_ path: String, appends: Bool = false) {
    self.path = path
    self.appends = appends
  }

  /// Opens the file.
  ///
  /// - Throws: `FileError` when it cannot be written.
  public func trainingBegan(_ plan: TrainingPlan, _: inout Trainer) throws {
    let keepsRows = appends || plan.firstEpoch > 0
    let rows = keepsRows ? rows() : []
    var progress = Progress(needsHeader: rows.isEmpty)
    if plan.firstEpoch > 0, !rows.isEmpty {
      let kept = rows.prefix(1) + rows.dropFirst().filter { Self.epoch($0) < plan.firstEpoch }
      try AtomicFile.write(kept.map { $0 + "\r\n" }.joined(), to: path)
    }
    progress.file = try LogFile(path, keepsContents: keepsRows)
    self.progress.value = progress
  }

  /// Appends the epoch's row, after the header when the file has none.
  ///
  /// - Throws: `FileError` when it cannot be written.
  public func epochEnded(_ epoch: Int, _ logs: Logs, _: inout Trainer) throws {
    var progress = progress.value
    let keys = progress.keys ?? Self.columns(logs)
    progress.keys = keys
    if progress.needsHeader { try progress.file?.append(CSV.record(["epoch"] + keys)) }
    progress.needsHeader = false
    self.progress.value = progress
    try progress.file?.append(CSV.record(["\(epoch)"] + keys.map { logs[$0].map { "\($0)" } ?? "NA" }))
  }

  /// Closes the file.
  public func trainingEnded(_: inout Trainer) { progress.value.file = nil }

  /// Sorted names; without validation, Keras makes room for one.
  private static func columns(_ logs: Logs) -> [String] {
    let keys = logs.entries.map(\.name).sorted()
    return keys.contains { $0.hasPrefix("val_") } ? keys : keys + keys.map { "val_" + $0 }
  }

  private func rows() -> [String] {
    guard let data = FileManager.default.contents(atPath: path) else { return [] }
    return String(decoding: data, as: UTF8.self).split(whereSeparator: \.isNewline).map(String.init)
  }

  private static func epoch(_ row: String) -> Int { Int(row.prefix { $0 != "," }) ?? -1 }
}
