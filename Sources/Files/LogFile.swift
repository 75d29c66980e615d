import Foundation

/// A file that grows at its end while something is going on: the one kind that is not written all at once.
///
/// Whoever reads it finds whole entries, in order, and perhaps a torn one at the end after a crash.
package final class LogFile: Sendable {
  private let path: String
  private let file: FileDescriptor

  /// Opens `path`, which must not be a folder or a device, and drops what it holds unless `keepsContents`.
  package init(_ path: String, keepsContents: Bool) throws(FileError) {
    self.path = path
    do throws(SystemError) {
      let target = try Destination.resolve(path)
      let flags = O_WRONLY | O_CREAT | O_APPEND | (keepsContents ? 0 : O_TRUNC)
      file = try FileDescriptor(target, flags)
    } catch {
      throw .unwritable(path, error)
    }
  }

  /// Appends `bytes`: an entry.
  package func append(_ bytes: [UInt8]) throws(FileError) {
    do throws(SystemError) {
      try bytes.withRawSpan { (span) throws(SystemError) in try file.write(span) }
    } catch {
      throw .unwritable(path, error)
    }
  }

  /// Appends `text` in UTF-8: an entry.
  package func append(_ text: String) throws(FileError) { try append(Array(text.utf8)) }
}
