import Foundation
import Synchronization

/// Where a producer's bytes go: appended in order, or put over bytes written before.
package final class FileSink: Sendable {
  private let file: FileDescriptor
  /// Named in errors: where the file will be, not where it is for now.
  private let destination: String
  /// Whether the disk will be waited for, and is told to be quick.
  private let isLasting: Bool
  private let progress = Mutex(Progress())

  /// How far writing is, and how far the disk was told to follow.
  private struct Progress {
    var written = 0
    var handedOver = 0
  }

  /// Large enough for the disk, small enough that the disk is never far behind.
  private static let handOverByteCount = 8 << 20

  init(_ file: consuming FileDescriptor, destination: String, isLasting: Bool = true) {
    self.file = file
    self.destination = destination
    self.isLasting = isLasting
  }

  /// Appends `bytes`.
  package func write(_ bytes: RawSpan) throws(FileError) {
    try report { () throws(SystemError) in try file.write(bytes) }
    guard isLasting else { return }
    progress.withLock { progress in
      progress.written += bytes.byteCount
      guard progress.written - progress.handedOver >= Self.handOverByteCount else { return }
      file.startWriting(progress.handedOver..<progress.written)
      progress.handedOver = progress.written
    }
  }

  /// Appends `text` in UTF-8.
  package func write(_ text: String) throws(FileError) {
    try Array(text.utf8).withRawSpan { (bytes) throws(FileError) in try write(bytes) }
  }

  /// Puts `bytes` at `offset`; the place where ``write(_:)-(RawSpan)`` goes on stays where it is.
  package func overwrite(_ bytes: RawSpan, at offset: Int) throws(FileError) {
    try report { () throws(SystemError) in try file.write(bytes, at: offset) }
  }

  func synchronize() throws(FileError) {
    try report { () throws(SystemError) in try file.synchronize() }
  }

  private func report(_ body: () throws(SystemError) -> Void) throws(FileError) {
    do throws(SystemError) { try body() } catch { throw .unwritable(destination, error) }
  }
}
