import Encoding
import Foundation

/// Bytes to be read from any place: those of a file, of a part of one, or of memory.
///
/// A file is read with `pread` and never mapped: what another program cuts short is an error, not a signal that ends the
/// process. The length is taken once, at the opening. Copying the value copies no bytes; the file stays open as long as any
/// copy lives.
package struct FileBytes: Sendable {
  private enum Storage: Sendable {
    case file(OpenFile)
    case memory([UInt8])
  }

  /// The path, or what errors call the bytes.
  package let name: String
  package let byteCount: Int
  private let storage: Storage
  /// Where they begin in what is stored.
  private let start: Int

  /// Opens a regular file; anything else (a folder, a pipe) is refused without waiting for it.
  package init(path: String) throws(FileError) {
    do throws(SystemError) {
      let file = try OpenFile(path)
      (name, byteCount, storage, start) = (path, file.byteCount, .file(file), 0)
    } catch {
      throw .unreadable(path, error)
    }
  }

  package init(_ bytes: [UInt8], name: String) {
    (self.name, byteCount, storage, start) = (name, bytes.count, .memory(bytes), 0)
  }

  private init(_ whole: FileBytes, _ range: Range<Int>, name: String) {
    (self.name, byteCount, storage, start) = (
      name, range.count, whole.storage, whole.start + range.lowerBound
    )
  }

  /// Some of the bytes, which are not copied.
  package func part(_ range: Range<Int>, name: String) throws(FileError) -> FileBytes {
    try requireInside(range.lowerBound, range.count)
    return FileBytes(self, range, name: name)
  }

  /// A copy of `count` bytes from `offset` on, all of which must be there.
  package func bytes(at offset: Int, count: Int) throws(FileError) -> [UInt8] {
    try requireInside(offset, count)
    if case .memory(let bytes) = storage { return Array(bytes[start + offset..<start + offset + count]) }
    return try [UInt8](count: count) { (target) throws(FileError) in try read(at: offset, into: &target) }
  }

  /// Fills `target` with the bytes from `offset` on, all of which must be there.
  package func read(at offset: Int, into target: inout MutableRawSpan) throws(FileError) {
    try requireInside(offset, target.byteCount)
    switch storage {
    case .memory(let bytes):
      target.write(bytes[start + offset..<start + offset + target.byteCount], at: 0)
    case .file(let file):
      do throws(SystemError) {
        if try file.descriptor.fill(&target, at: start + offset) { return }
      } catch {
        throw .unreadable(name, error)
      }
      throw .unreadable(path: name, reason: "it became shorter while it was read")
    }
  }

  /// Fits the second-level cache, so that what is read is still near when it is used.
  private static let pieceByteCount = 256 << 10

  /// Lends all bytes piece by piece, from front to back, as long as `body` returns true.
  ///
  /// - Returns: whether it always did.
  package func forEachPiece(_ body: (RawSpan) throws(FileError) -> Bool) throws(FileError) -> Bool {
    var piece = [UInt8](repeating: 0, count: min(byteCount, Self.pieceByteCount))
    var offset = 0
    while offset < byteCount {
      piece.removeLast(max(0, piece.count - (byteCount - offset)))
      try piece.withMutableRawSpan { (target) throws(FileError) in try read(at: offset, into: &target) }
      guard try piece.withRawSpan(body) else { return false }
      offset += piece.count
    }
    return true
  }

  private func requireInside(_ offset: Int, _ count: Int) throws(FileError) {
    guard offset >= 0, count >= 0, count <= byteCount - offset else {
      throw .damaged(
        place: name,
        reason: "\(count.grouped) bytes at byte \(offset.grouped) were expected, but it has "
          + "\(byteCount.grouped) bytes")
    }
  }
}

/// A regular file, open for reading; closed when the last owner goes.
private final class OpenFile: Sendable {
  let descriptor: FileDescriptor
  let byteCount: Int

  init(_ path: String) throws(SystemError) {
    let descriptor = try FileDescriptor.readingRegularFile(path)
    byteCount = Int(try descriptor.status().st_size)
    self.descriptor = descriptor
  }
}
