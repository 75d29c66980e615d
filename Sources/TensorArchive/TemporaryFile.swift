import Foundation
import Tensors

/// A new file beside its destination, removed when it goes away before it was moved into place.
struct TemporaryFile: ~Copyable {
  let path: String
  let sink: FileSink
  /// As the user named it.
  private let destination: String
  /// What is replaced: `destination`, or the file it links to.
  private let target: String

  /// Makes an empty file beside `destination`, which must not be a folder, a device or write-protected.
  init(for destination: String) throws(ArchiveError) {
    let (created, resolved): ((FileSink, String), String)
    do throws(SystemError) {
      resolved = try Destination.resolve(destination)
      created = try Self.create(beside: resolved, for: destination)
    } catch {
      throw .unwritable(destination, error)
    }
    (sink, path) = created
    target = resolved
    self.destination = destination
    PendingFiles.insert(path)
  }

  deinit {
    Self.remove(path)
    PendingFiles.remove(path)
  }

  /// Removes a temporary file; nothing happens when it is in place already.
  static func remove(_ path: String) { unsafe unlink(path) }

  /// Renames the file to its destination and makes the rename last.
  ///
  /// After the rename `deinit` finds nothing to remove.
  consuming func moveIntoPlace() throws(ArchiveError) {
    do throws(SystemError) {
      _ = try retryingInterrupts { unsafe Int(rename(path, target)) }
      try Self.synchronizeFolder(Destination.folder(of: target))
    } catch {
      throw .unwritable(destination, error)
    }
  }

  /// As `FileSink.synchronize`, of whatever file is at the temporary path by now.
  func synchronizeByPath() throws(ArchiveError) {
    do throws(SystemError) {
      let file = try FileDescriptor(path, O_RDONLY)
      try file.synchronize()
    } catch {
      throw .unwritable(destination, error)
    }
  }

  private static func create(
    beside target: String, for destination: String
  ) throws(SystemError) -> (FileSink, String) {
    let (folder, name) = (Destination.folder(of: target), Destination.name(of: target))
    // What is left of the name must leave room for the rest within 255 bytes.
    let stem = String(decoding: name.utf8.prefix(200), as: UTF8.self)
    var attempt = 0
    while true {
      let path = "\(folder)/.\(stem).\(getpid())-\(attempt).tmp"
      do throws(SystemError) {
        let file = try FileDescriptor(path, O_WRONLY | O_CREAT | O_EXCL)
        return (FileSink(file, destination: destination), path)
      } catch {
        guard error.code == EEXIST else { throw error }
        attempt += 1
      }
    }
  }

  private static func synchronizeFolder(_ folder: String) throws(SystemError) {
    let descriptor = try FileDescriptor(folder, O_RDONLY | O_DIRECTORY)
    do throws(SystemError) { try descriptor.synchronize() } catch {
      // Some network file systems cannot do this and say so.
      guard error.code == EINVAL || error.code == ENOTSUP else { throw error }
    }
  }
}
