import Foundation
import Synchronization

/// A regular file that is read. Its descriptor is kept until the last owner goes, or, of very many files, only as long as there is room:
/// then the file is opened again when it is read next, and must be the one it was.
final class OpenFile: Sendable {
  let byteCount: Int
  private let path: String
  private let changed: timespec
  private let device: dev_t
  private let number: ino_t
  /// Nil where it is one of ``SharedDescriptors``.
  private let kept: SharedDescriptor?

  init(_ path: String, keepsOpen: Bool) throws(SystemError) {
    let opened = try SharedDescriptor(path)
    let status = try opened.descriptor.status()
    (self.path, byteCount, changed) = (path, Int(status.st_size), status.lastChange)
    (device, number) = (status.st_dev, status.st_ino)
    kept = keepsOpen ? opened : nil
    if !keepsOpen { SharedDescriptors.add(opened, of: ObjectIdentifier(self)) }
  }

  deinit {
    if kept == nil { SharedDescriptors.remove(ObjectIdentifier(self)) }
  }

  /// The open file.
  ///
  /// - Throws: for one that was closed meanwhile, ``FileError/changed(path:expected:found:)`` where another file, or another content, is
  ///   at its path.
  func opened() throws(FileError) -> SharedDescriptor {
    if let kept { return kept }
    if let found = SharedDescriptors.find(ObjectIdentifier(self)) { return found }
    let again: SharedDescriptor
    let status: stat
    do throws(SystemError) {
      again = try SharedDescriptor(path)
      status = try again.descriptor.status()
    } catch {
      throw .unreadable(path, error)
    }
    guard status.st_dev == device, status.st_ino == number, isUnchanged(status) else {
      throw .changed(path: path, expected: byteCount, found: Int(status.st_size))
    }
    SharedDescriptors.add(again, of: ObjectIdentifier(self))
    return again
  }

  func isUnchanged(_ status: stat) -> Bool {
    let time = status.lastChange
    return status.st_size == byteCount && time.tv_sec == changed.tv_sec && time.tv_nsec == changed.tv_nsec
  }
}

/// A descriptor with several owners.
final class SharedDescriptor: Sendable {
  let descriptor: FileDescriptor

  init(_ path: String) throws(SystemError) { descriptor = try .readingRegularFile(path) }
}

/// The descriptors of files that may be closed between two readings: those that were read last.
enum SharedDescriptors {
  private typealias Entry = (owner: ObjectIdentifier, file: SharedDescriptor)

  /// The last one is the one that was read last.
  private static let open = Mutex<[Entry]>([])

  /// A part of those that the process may have.
  private static let most = max(1, min(256, OpenFileLimit.current / 4))

  static func find(_ owner: ObjectIdentifier) -> SharedDescriptor? {
    open.withLock { open in
      guard let place = open.lastIndex(where: { $0.owner == owner }) else { return nil }
      let entry = open.remove(at: place)
      open.append(entry)
      return entry.file
    }
  }

  static func add(_ file: SharedDescriptor, of owner: ObjectIdentifier) {
    open.withLock { open in
      open.removeAll { $0.owner == owner }
      if open.count >= most { open.removeFirst(open.count - most + 1) }
      open.append((owner, file))
    }
  }

  static func remove(_ owner: ObjectIdentifier) {
    open.withLock { $0.removeAll { $0.owner == owner } }
  }

  /// Closes all that nobody reads at the moment, for whoever finds no room to open another file.
  ///
  /// - Returns: whether there were any.
  static func closeAll() -> Bool {
    open.withLock { open in
      defer { open = [] }
      return !open.isEmpty
    }
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
