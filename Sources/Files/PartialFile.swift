import Foundation

/// A file that arrives in pieces, perhaps over several runs: until it is whole it has a name of its own beside its destination,
/// `.<name>.partial`, and stays there when the program ends.
///
/// It is locked while it is open: of two processes that fetch one file, the second is refused.
package final class PartialFile: Sendable {
  /// Where it is for now.
  package let path: String
  /// Where something may be noted about it; at most a file of its own is there.
  package var notePath: String { path + ".json" }
  private let destination: String
  private let target: String
  private let file: FileDescriptor

  /// Opens what is there of the file that will be at `destination`, or an empty one.
  ///
  /// What has the name of the partial file or of its note, and is a folder, a link or a second name of another file, is somebody's:
  /// it is refused.
  package init(for destination: String) throws(FileError) {
    self.destination = destination
    do throws(SystemError) {
      target = try Destination.resolve(destination)
    } catch {
      throw .unwritable(destination, error)
    }
    path = "\(Destination.folder(of: target))/.\(Destination.name(of: target)).partial"
    for own in [path, path + ".json"] where !Self.isFree(own) { throw Self.taken(own) }
    do throws(SystemError) {
      file = try FileDescriptor(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK)
    } catch {
      throw .unwritable(path, error)
    }
    // Where there are no locks, nobody is refused.
    guard (try? file.lock()) != false, (try? file.isFile(at: path)) != false else {
      throw .unwritable(
        path: destination, reason: "another process is writing it", advice: "wait for that one")
    }
  }

  /// Whether nothing is at `path` but perhaps a file that has no other name.
  private static func isFree(_ path: String) -> Bool {
    guard let status = Destination.status(of: path) else { return true }
    return status.st_mode & S_IFMT == S_IFREG && status.st_nlink <= 1
  }

  private static func taken(_ path: String) -> FileError {
    .unwritable(
      path: path,
      reason: "expected a part of the file that arrives, found a folder, a link or another's file",
      advice: "move it away")
  }

  /// What is there already.
  package func byteCount() throws(FileError) -> Int {
    try report { () throws(SystemError) in Int(try file.status().st_size) }
  }

  /// Puts `bytes` at `offset`.
  package func write(_ bytes: RawSpan, at offset: Int) throws(FileError) {
    try report { () throws(SystemError) in try file.write(bytes, at: offset) }
  }

  /// Makes it `count` bytes long.
  package func truncate(to count: Int) throws(FileError) {
    try report { () throws(SystemError) in try file.truncate(to: count) }
  }

  /// Gives the whole file the name of its destination, and makes that last.
  package func moveIntoPlace() throws(FileError) {
    try report { () throws(SystemError) in
      try file.synchronize()
      try TemporaryFile.rename(path, to: target)
      try TemporaryFile.synchronizeFolder(Destination.folder(of: target))
    }
  }

  /// Removes it, and what was noted.
  package func remove() {
    TemporaryFile.remove(path)
    removeNote()
  }

  /// Removes what was noted.
  package func removeNote() { TemporaryFile.remove(notePath) }

  private func report<Result>(_ body: () throws(SystemError) -> Result) throws(FileError) -> Result {
    do throws(SystemError) { return try body() } catch { throw .unwritable(destination, error) }
  }
}
