import Encoding
import Foundation
import Synchronization

/// A new file beside its destination, removed when it goes away before it was moved into place.
///
/// It is locked while it is there. A process that is killed leaves its file, but not the lock: whoever writes to the same
/// destination next, on this machine or another, takes an unlocked file for what it is and removes it.
struct TemporaryFile: ~Copyable {
  let path: String
  let sink: FileSink
  /// As the user named it.
  private let destination: String
  /// What is replaced: `destination`, or the file it links to.
  private let target: String
  private let isLasting: Bool
  private var isInPlace = false

  /// Makes an empty file beside `destination`, which must not be a folder, a device or write-protected.
  ///
  /// - Parameter isLasting: whether it has to outlast a loss of power.
  init(for destination: String, isLasting: Bool = true) throws(FileError) {
    let (created, resolved): ((FileSink, String), String)
    do throws(SystemError) {
      resolved = try Destination.resolve(destination)
      created = try Self.create(beside: resolved, for: destination, isLasting)
    } catch {
      throw .unwritable(destination, error)
    }
    (sink, path) = created
    target = resolved
    self.destination = destination
    self.isLasting = isLasting
    PendingFiles.insert(path)
  }

  deinit {
    // Once in place the path is free for others.
    if !isInPlace { Self.remove(path) }
    PendingFiles.remove(path)
  }

  /// Removes a temporary file; nothing happens when it is in place already.
  @discardableResult static func remove(_ path: String) -> Bool {
    unsafe path.withSystemPath { unsafe unlink($0) } == 0
  }

  /// Renames the file to its destination, and makes the rename last where the file has to.
  consuming func moveIntoPlace() throws(FileError) {
    do throws(SystemError) {
      try Self.rename(path, to: target)
      isInPlace = true
      if isLasting { try Self.synchronizeFolder(Destination.folder(of: target)) }
    } catch {
      throw .unwritable(destination, error)
    }
  }

  /// Gives the file at `path` the name `target`, in place of what has that.
  static func rename(_ path: String, to target: String) throws(SystemError) {
    _ = try retryingInterrupts {
      unsafe path.withSystemPath { old in
        unsafe target.withSystemPath { unsafe Int(Foundation.rename(old, $0)) }
      }
    }
  }

  /// Gives the file the name of its destination as well unless something has it, and makes that last.
  ///
  /// - Returns: whether nothing had it.
  consuming func linkIntoPlace() throws(FileError) -> Bool {
    do throws(SystemError) {
      _ = try retryingInterrupts {
        unsafe path.withSystemPath { old in unsafe target.withSystemPath { unsafe Int(link(old, $0)) } }
      }
      if isLasting { try Self.synchronizeFolder(Destination.folder(of: target)) }
      return true
    } catch {
      guard error.code != EEXIST else { return false }
      // Some file systems have no second names for a file.
      guard [EPERM, ENOTSUP, EOPNOTSUPP, ENOSYS, EMLINK].contains(error.code) else {
        throw .unwritable(destination, error)
      }
    }
    if FileManager.default.fileExists(atPath: target) { return false }
    try moveIntoPlace()
    return true
  }

  /// As `FileSink.synchronize`, of whatever file is at the temporary path by now.
  func synchronizeByPath() throws(FileError) {
    do throws(SystemError) {
      let file = try FileDescriptor(path, O_RDONLY)
      try file.synchronize()
    } catch {
      throw .unwritable(destination, error)
    }
  }

  private static func create(
    beside target: String, for destination: String, _ isLasting: Bool
  ) throws(SystemError) -> (FileSink, String) {
    let (folder, name) = (Destination.folder(of: target), Destination.name(of: target))
    // What is left of the name must leave room for the rest within 255 bytes.
    let stem = FileName.text(of: Array(FileName.bytes(of: name).prefix(200)))
    var attempt = 0
    while true {
      let path = "\(folder)/.\(stem).\(attempt).tmp"
      do throws(SystemError) {
        let file = try FileDescriptor(path, O_WRONLY | O_CREAT | O_EXCL)
        // Somebody may have taken it for abandoned already; where there are no locks nobody does.
        if (try? file.lock()) != false, try file.isFile(at: path) {
          return (FileSink(file, destination: destination, isLasting: isLasting), path)
        }
      } catch {
        guard error.code == EEXIST else { throw error }
        if !removeAbandoned(path) { attempt += 1 }
      }
    }
  }

  /// Removes what a process left that is no more; false when the file at `path` is in use.
  private static func removeAbandoned(_ path: String) -> Bool {
    do throws(SystemError) {
      let file = try FileDescriptor(path, O_WRONLY | O_NOFOLLOW | O_NONBLOCK)
      guard try file.lock() else { return false }
      // Its owner may have been done with it meanwhile, and the path be another's.
      return try !file.isFile(at: path) || remove(path)
    } catch {
      return error.code == ENOENT
    }
  }

  static func synchronizeFolder(_ folder: String) throws(SystemError) {
    let descriptor = try FileDescriptor(folder, O_RDONLY | O_DIRECTORY)
    do throws(SystemError) { try descriptor.synchronize() } catch {
      // Some network file systems cannot do this and say so.
      guard error.code == EINVAL || error.code == ENOTSUP else { throw error }
    }
  }
}

/// The temporary files of this process that are not in place yet, for a process that is told to stop.
enum PendingFiles {
  private static let paths = Mutex<Set<String>>([])

  static func insert(_ path: String) { paths.withLock { _ = $0.insert(path) } }

  static func remove(_ path: String) { paths.withLock { _ = $0.remove(path) } }

  static var all: [String] { paths.withLock { $0.sorted() } }
}
