import Foundation
package import Tensors

/// A file that stays open, and that should stay as it is.
///
/// Size and time of the last change are taken when it is opened. Nothing written by this package ever changes a file in
/// place, but another program can: ``requireUnchanged()`` tells.
package final class WatchedFile: Sendable {
  private let path: String
  private let byteCount: Int
  private let file: FileDescriptor
  private let changed: timespec

  /// Opens a regular file; anything else (a folder, a pipe) is refused without waiting for it.
  package init(contentsOf path: String) throws(FileError) {
    do throws(SystemError) {
      let file = try FileDescriptor.readingRegularFile(path)
      let status = try file.status()
      self.path = path
      (byteCount, changed) = (Int(status.st_size), status.lastChange)
      self.file = file
    } catch {
      throw .unreadable(path, error)
    }
  }

  /// The whole file in memory, as far as it is touched.
  package func map() throws(FileError) -> MappedFile {
    do throws(SystemError) {
      return try MappedFile(file, byteCount: byteCount)
    } catch {
      throw .unreadable(path, error)
    }
  }

  /// Makes sure that nobody has written to the file since it was opened.
  package func requireUnchanged() throws(FileError) {
    let status: stat
    do throws(SystemError) {
      status = try file.status()
    } catch {
      throw .unreadable(path, error)
    }
    let time = status.lastChange
    guard status.st_size == byteCount, time.tv_sec == changed.tv_sec, time.tv_nsec == changed.tv_nsec else {
      throw .changed(path: path, expected: byteCount, found: Int(status.st_size))
    }
  }

  /// A copy of some of the bytes: those that are gone are an error, and what was read cannot change any more.
  package func copy(of range: Range<Int>) throws(FileError) -> HeapStorage {
    var isWhole = false
    do throws(SystemError) {
      let copy = try HeapStorage(byteCount: range.count) {
        (target: inout MutableRawSpan) throws(SystemError) in
        isWhole = try file.fill(&target, at: range.lowerBound)
      }
      if isWhole { return copy }
    } catch {
      throw .unreadable(path, error)
    }
    try requireUnchanged()
    throw .changed(path: path, expected: byteCount, found: range.lowerBound)
  }
}

extension stat {
  /// When the contents were changed last.
  fileprivate var lastChange: timespec {
    #if canImport(Darwin)
      st_mtimespec
    #else
      st_mtim
    #endif
  }
}
