import Foundation

/// A file that arrives in pieces, perhaps over several runs: until it is whole it has a name of its own beside its destination,
/// `.<name>.partial`, and stays there when the program ends.
///
/// It is locked while it is open: of two processes that fetch one file, the second is refused.
package final class PartialFile: Sendable {
  /// Where it is for now.
  package let path: String
  private let destination: String
  private let target: String
  private let file: FileDescriptor

  /// Opens what is there of the file that will be at `destination`, or an empty one.
  package init(for destination: String) throws(FileError) {
    self.destination = destination
    do throws(SystemError) {
      target = try Destination.resolve(destination)
      let name = Destination.name(of: target)
      path = "\(Destination.folder(of: target))/.\(name).partial"
      file = try FileDescriptor(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK)
      guard try file.status().st_mode & S_IFMT == S_IFREG else { throw SystemError(code: ENODEV) }
    } catch {
      throw .unwritable(destination, error)
    }
    // Where there are no locks, nobody is refused.
    guard (try? file.lock()) != false, (try? file.isFile(at: path)) != false else {
      throw .unwritable(
        path: destination, reason: "another process is writing it", advice: "wait for that one")
    }
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

  /// Removes it.
  package func remove() { TemporaryFile.remove(path) }

  private func report<Result>(_ body: () throws(SystemError) -> Result) throws(FileError) -> Result {
    do throws(SystemError) { return try body() } catch { throw .unwritable(destination, error) }
  }
}
