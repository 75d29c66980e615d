import Foundation

/// Reads files from front to back in constant memory.
package enum FileReader {
  /// Fits the second-level cache, so that what is read is still near when it is used.
  private static let chunkByteCount = 256 << 10

  /// Lends the bytes of a regular file, chunk after chunk, as long as `body` returns true; returns how many
  /// bytes were read.
  package static func forEachChunk(
    of path: String, _ body: (RawSpan) -> Bool
  ) throws(FileError) -> Int {
    do throws(SystemError) {
      let file = try FileDescriptor.readingRegularFile(path)
      var buffer = [UInt8](repeating: 0, count: chunkByteCount)
      var offset = 0
      while true {
        let count = try file.read(into: &buffer, at: offset)
        if count == 0 { return offset }
        offset += count
        guard buffer.withRawSpan({ body($0.extracting(0..<count)) }) else { return offset }
      }
    } catch {
      throw .unreadable(path, error)
    }
  }
}
