import Files
import Foundation
import Synchronization

/// Rows that wait on disk: until those before them in a file are written, or until they are trained on.
///
/// The file has no name as soon as it is open: whatever becomes of the process, nothing is left behind.
final class WaitingRows: Sendable {
  private static let chunkByteCount = 8 << 20

  private let file: FileHandle
  /// Named in errors: the file the rows will be in.
  private let destination: String
  private let advice: String
  /// Reading moves the file's one position.
  private let turn = Mutex(())

  init(
    beside path: String,
    advice: String = "free some space there, or write the features of one layer at a time"
  ) throws(FileError) {
    (destination, self.advice) = (path, advice)
    let folder = URL(fileURLWithPath: path).deletingLastPathComponent()
    let url = folder.appending(path: ".\(UUID().uuidString).tmp")
    do {
      try Data().write(to: url, options: .withoutOverwriting)
      file = try FileHandle(forUpdating: url)
      try FileManager.default.removeItem(at: url)
    } catch {
      throw Self.failure(error, path, advice)
    }
  }

  func append(_ row: [Float]) throws(FileError) {
    do { try file.write(contentsOf: row.littleEndianData) } catch { throw failure(error) }
  }

  /// The bytes at `range` of the file, all of which must have been written.
  func bytes(_ range: Range<Int>) throws -> Data {
    try turn.withLock { _ in
      try file.seek(toOffset: UInt64(range.lowerBound))
      let data = try file.read(upToCount: range.count) ?? Data()
      guard data.count == range.count else { throw CocoaError(.fileReadCorruptFile) }
      return data
    }
  }

  /// Appends all rows to `sink`.
  func copy(to sink: FileSink) throws {
    do { try file.seek(toOffset: 0) } catch { throw failure(error) }
    while let bytes = try read(), !bytes.isEmpty { try Array(bytes).withRawSpan { try sink.write($0) } }
  }

  private func read() throws(FileError) -> Data? {
    do { return try file.read(upToCount: Self.chunkByteCount) } catch { throw failure(error) }
  }

  private func failure(_ error: any Error) -> FileError { Self.failure(error, destination, advice) }

  private static func failure(_ error: any Error, _ path: String, _ advice: String) -> FileError {
    .unwritable(
      path: path, reason: "no temporary file can be written next to it (\(error.localizedDescription))",
      advice: advice)
  }
}
