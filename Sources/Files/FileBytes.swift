import Encoding
import Foundation
import Synchronization
package import Tensors

/// Bytes to be read from any place: those of a file, of a part of one, or of memory.
///
/// A file is read with `pread` and never mapped: what another program cuts short is an error, not a signal that ends the
/// process. Length and time of the last change are taken once, at the opening; nothing written by this package ever changes a
/// file in place, but another program can: ``requireUnchanged()`` tells. Copying the value copies no bytes; unless it is said
/// that there are very many, the file stays open as long as any copy lives.
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
  ///
  /// - Parameter keepsOpen: false for one of very many, which may be closed between two readings; where another file is at its path when
  ///   it is read next, that is an error.
  package init(path: String, keepsOpen: Bool = true) throws(FileError) {
    do throws(SystemError) {
      let file = try OpenFile(path, keepsOpen: keepsOpen)
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

  /// Makes sure that nobody has written to the file since it was opened.
  package func requireUnchanged() throws(FileError) {
    guard case .file(let file) = storage else { return }
    let opened = try file.opened()
    let found: stat
    do throws(SystemError) {
      found = try opened.descriptor.status()
    } catch {
      throw .unreadable(name, error)
    }
    guard file.isUnchanged(found) else {
      throw .changed(path: name, expected: file.byteCount, found: Int(found.st_size))
    }
  }

  /// A copy of the first `count` bytes; fewer where there are fewer.
  package func head(_ count: Int) throws(FileError) -> [UInt8] {
    try bytes(at: 0, count: min(max(0, count), byteCount))
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
      let opened = try file.opened()
      do throws(SystemError) {
        if try opened.descriptor.fill(&target, at: start + offset) { return }
      } catch {
        throw .unreadable(name, error)
      }
      try requireUnchanged()
      throw .changed(path: name, expected: file.byteCount, found: start + offset)
    }
  }

  /// The bytes of `range` in memory of their own, read in pieces.
  ///
  /// - Parameters:
  ///   - forEach: what threads the pieces are read on.
  ///   - use: is lent each piece, by its number, while it is near; called on any thread.
  package func storage(
    of range: Range<Int>, forEach: PieceLoop = { count, body in (0..<count).forEach(body) },
    use: @escaping @Sendable (_ piece: Int, _ bytes: RawSpan) -> Void = { _, _ in }
  ) throws(FileError) -> HeapStorage {
    try requireInside(range.lowerBound, range.count)
    let problem = FirstProblem()
    let storage = HeapStorage(byteCount: range.count, pieceByteCount: Self.pieceByteCount, forEach: forEach) {
      piece, target in
      problem.catching { () throws(FileError) in
        try read(at: range.lowerBound + piece * Self.pieceByteCount, into: &target)
        use(piece, target.bytes)
      }
    }
    guard let storage else { throw .noMemory(place: name, neededByteCount: range.count) }
    try problem.rethrow()
    return storage
  }

  /// Lends the bytes of `range` in pieces of no more memory than a piece takes; as ``storage(of:forEach:use:)`` otherwise.
  package func forEachPiece(
    of range: Range<Int>, forEach: PieceLoop = { count, body in (0..<count).forEach(body) },
    use: @escaping @Sendable (_ piece: Int, _ bytes: RawSpan) -> Void
  ) throws(FileError) {
    try requireInside(range.lowerBound, range.count)
    let problem = FirstProblem()
    forEach(Self.pieceCount(range.count)) { piece in
      let start = range.lowerBound + piece * Self.pieceByteCount
      problem.catching { () throws(FileError) in
        let bytes = try bytes(at: start, count: min(Self.pieceByteCount, range.upperBound - start))
        bytes.withRawSpan { use(piece, $0) }
      }
    }
    try problem.rethrow()
  }

  /// In how many pieces so many bytes are read.
  package static func pieceCount(_ byteCount: Int) -> Int {
    (byteCount + pieceByteCount - 1) / pieceByteCount
  }

  /// Fits the second-level cache, so that what is read is still near when it is used.
  package static let pieceByteCount = 256 << 10

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

/// What went wrong first, on whichever thread.
private final class FirstProblem: Sendable {
  private let error = Mutex<FileError?>(nil)

  func catching(_ body: () throws(FileError) -> Void) {
    do throws(FileError) {
      try body()
    } catch {
      self.error.withLock { first in first = first ?? error }
    }
  }

  func rethrow() throws(FileError) {
    if let error = error.withLock({ $0 }) { throw error }
  }
}
