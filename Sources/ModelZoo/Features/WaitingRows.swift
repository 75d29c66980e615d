import Files
import Foundation

/// Rows that wait on disk: until those before them in a file are written, or until they are trained on.
final class WaitingRows: Sendable {
  private static let chunkByteCount = 8 << 20

  private let file: NamelessFile
  /// Named in errors: the file the rows will be in.
  private let destination: String
  private let advice: String

  init(
    beside path: String,
    advice: String = "free some space there, or write the features of one layer at a time"
  ) throws(FileError) {
    (destination, self.advice) = (path, advice)
    do { file = try NamelessFile(beside: path) } catch { throw Self.failure(error, path, advice) }
  }

  func append(_ row: [Float]) throws(FileError) {
    do throws(SystemError) {
      try row.withLittleEndianBytes { bytes throws(SystemError) in try file.append(bytes) }
    } catch {
      throw Self.failure(error, destination, advice)
    }
  }

  /// Puts the numbers from `index` on into `range` of `target`; all of them must have been written.
  func read(from index: Int, into target: inout MutableSpan<Float>, _ range: Range<Int>) throws(SystemError) {
    let isWhole = try target.withMutableBytes(of: range) { bytes throws(SystemError) in
      try file.fill(&bytes, at: 4 * index)
    }
    guard isWhole else { throw SystemError(code: EIO) }
    target.convert(fromLittleEndian: range)
  }

  /// Appends all rows to `sink`.
  func copy(to sink: FileSink) throws {
    var chunk: [UInt8] = []
    for start in stride(from: 0, to: file.byteCount, by: Self.chunkByteCount) {
      let count = min(Self.chunkByteCount, file.byteCount - start)
      if chunk.count != count { chunk = [UInt8](repeating: 0, count: count) }
      let isWhole = try chunk.withMutableRawSpan { bytes in try file.fill(&bytes, at: start) }
      guard isWhole else { throw SystemError(code: EIO) }
      try chunk.withRawSpan { try sink.write($0) }
    }
  }

  private static func failure(_ error: SystemError, _ path: String, _ advice: String) -> FileError {
    .unwritable(
      path: path, reason: "no temporary file can be written next to it (\(error.reason))", advice: advice)
  }
}
