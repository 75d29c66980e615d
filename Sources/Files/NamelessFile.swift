import Foundation
import Synchronization

/// A file that waits for its process alone: it loses its name as soon as it is open, so whatever becomes of the process, nothing
/// is left behind.
package final class NamelessFile: Sendable {
  private let descriptor: FileDescriptor
  private let end = Mutex(0)

  /// Makes an empty file in the folder of `path`; nothing need be at `path`.
  package init(beside path: String) throws(SystemError) {
    let name = "\(Destination.folder(of: path))/.\(UUID().uuidString).tmp"
    descriptor = try FileDescriptor(name, O_RDWR | O_CREAT | O_EXCL, mode: 0o600)
    guard TemporaryFile.remove(name) else { throw .last }
  }

  /// The number of bytes so far.
  package var byteCount: Int { end.withLock(\.self) }

  /// Writes `bytes` behind those that are there; one thread at a time.
  package func append(_ bytes: RawSpan) throws(SystemError) {
    try descriptor.write(bytes, at: byteCount)
    end.withLock { $0 += bytes.byteCount }
  }

  /// Fills `target` with the bytes from `offset` on; any number of threads at a time.
  ///
  /// - Returns: false where the file ends before.
  package func fill(_ target: inout MutableRawSpan, at offset: Int) throws(SystemError) -> Bool {
    try descriptor.fill(&target, at: offset)
  }
}
