import Files
import Foundation

/// Rows that wait on disk until those before them in a file are written.
///
/// The file has no name as soon as it is open: whatever becomes of the process, nothing is left behind.
final class WaitingRows {
  private static let chunkByteCount = 8 << 20

  private let file: FileHandle
  /// Named in errors: the file the rows will be in.
  private let destination: String

  init(beside path: String) throws(FileError) {
    destination = path
    let folder = URL(fileURLWithPath: path).deletingLastPathComponent()
    let url = folder.appending(path: ".\(UUID().uuidString).tmp")
    do {
      try Data().write(to: url, options: .withoutOverwriting)
      file = try FileHandle(forUpdating: url)
      try FileManager.default.removeItem(at: url)
    } catch {
      throw Self.failure(error, destination)
    }
  }

  func append(_ row: [Float]) throws {
    do { try file.write(contentsOf: row.littleEndianData) } catch { throw Self.failure(error, destination) }
  }

  /// Appends all rows to `sink`.
  func copy(to sink: FileSink) throws {
    do { try file.seek(toOffset: 0) } catch { throw Self.failure(error, destination) }
    while let bytes = try read(), !bytes.isEmpty { try Array(bytes).withRawSpan { try sink.write($0) } }
  }

  private func read() throws(FileError) -> Data? {
    do { return try file.read(upToCount: Self.chunkByteCount) } catch {
      throw Self.failure(error, destination)
    }
  }

  private static func failure(_ error: any Error, _ path: String) -> FileError {
    .unwritable(
      path: path, reason: "no temporary file can be written next to it (\(error.localizedDescription))",
      advice: "free some space there, or write the features of one layer at a time")
  }
}
