import Foundation

/// The one way files are written: a temporary file in the same folder, `fsync`, `rename`, `fsync` of the folder.
///
/// Whenever the program is killed, or the machine loses power, `path` names the old file or the whole new one.
/// On an error the temporary file is removed and the old file stays; a killed process leaves the temporary
/// file (`.<name>.<n>.tmp`) behind, unless it has the time to call ``abandonAll(where:)``, for whoever writes to
/// `path` next to remove. A symbolic link stays one: the file it points to is replaced. Permissions are those of
/// any new file (`umask`); a write-protected file is not replaced.
package enum AtomicFile {
  /// Writes `bytes` to `path`.
  package static func write(_ bytes: RawSpan, to path: String) throws(FileError) {
    let temporary = try TemporaryFile(for: path)
    try temporary.sink.write(bytes)
    try temporary.sink.synchronize()
    try temporary.moveIntoPlace()
  }

  /// Writes `text` to `path` in UTF-8.
  package static func write(_ text: String, to path: String) throws(FileError) {
    try Array(text.utf8).withRawSpan { (bytes) throws(FileError) in try write(bytes, to: path) }
  }

  /// Writes what `body` puts into a sink.
  ///
  /// - Parameters:
  ///   - isLasting: whether the disk is waited for. Without, a file that must be found whole or not at all needs checksums: after a loss
  ///     of power there may be anything in it.
  ///   - check: given the path of the whole file before it is moved into place. What it throws leaves `path` as it was.
  /// - Throws: ``FileError``, or what `body` throws.
  package static func write<Result>(
    to path: String, isLasting: Bool = true, check: (_ temporaryPath: String) throws -> Void = { _ in },
    _ body: (FileSink) throws -> Result
  ) throws -> Result {
    let temporary = try TemporaryFile(for: path, isLasting: isLasting)
    let result = try body(temporary.sink)
    if isLasting { try temporary.sink.synchronize() }
    try check(temporary.path)
    try temporary.moveIntoPlace()
    return result
  }

  /// Writes `text` to `path` in UTF-8 unless something is there already.
  ///
  /// - Returns: whether it was written; of several processes that try at a time, one writes.
  package static func create(_ text: String, at path: String) throws(FileError) -> Bool {
    let temporary = try TemporaryFile(for: path)
    try temporary.sink.write(text)
    try temporary.sink.synchronize()
    return try temporary.linkIntoPlace()
  }

  /// Replaces `path` by the file that `body` writes at the temporary path it is given.
  ///
  /// An empty file is there already, locked, which `body` overwrites without taking the lock.
  ///
  /// - Throws: ``FileError``, or what `body` throws.
  package static func replace<Result>(
    _ path: String, with body: (_ temporaryPath: String) throws -> Result
  ) throws -> Result {
    let temporary = try TemporaryFile(for: path)
    let result = try body(temporary.path)
    try temporary.synchronizeByPath()
    try temporary.moveIntoPlace()
    return result
  }

  /// Lends the path of an empty file beside `path`, for what goes into a file before it is part of another; it is removed afterwards.
  ///
  /// - Throws: ``FileError``, or what `body` throws.
  package static func withScratchFile<Result>(
    beside path: String, _ body: (_ temporaryPath: String) throws -> Result
  ) throws -> Result {
    let temporary = try TemporaryFile(for: path)
    return try body(temporary.path)
  }

  /// Finds out, before hours of work, whether `path` could be written: its folder takes a new file, and what
  /// is there may be replaced.
  package static func checkWritable(_ path: String) throws(FileError) {
    _ = try TemporaryFile(for: path)
  }

  /// Removes the temporary files of this process, for one that is about to end; what was being written fails.
  package static func abandonAll(where isMeant: (_ path: String) -> Bool = { _ in true }) {
    for path in PendingFiles.all where isMeant(path) { TemporaryFile.remove(path) }
  }
}
