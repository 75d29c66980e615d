import Foundation

/// Folders that files are to be written to.
package enum OutputFolder {
  /// Makes the folder at `path`, and those it lies in, where they are not there.
  package static func make(_ path: String) throws(FileError) {
    do throws(SystemError) { try makeAll(path) } catch { throw .unwritable(path, error) }
  }

  /// Makes the folder that a file at `path` lies in, whatever the path looks like.
  package static func make(for path: String) throws(FileError) { try make(Destination.folder(of: path)) }

  /// Makes the folder and finds out, before hours of work, whether it takes files.
  package static func makeWritable(_ path: String) throws(FileError) {
    try make(path)
    try AtomicFile.checkWritable("\(path)/probe")
  }

  /// Finds out, before hours of work, whether a file can be written at a path, be it in folders that are not there yet; makes none.
  package static func checkWritable(_ path: String) throws(FileError) {
    let own = Destination.folder(of: path)
    var folder = own
    while FileIdentity(folder) == nil, Destination.folder(of: folder) != folder {
      folder = Destination.folder(of: folder)
    }
    try AtomicFile.checkWritable(folder == own ? path : folder + "/probe")
  }

  private static func makeAll(_ path: String) throws(SystemError) {
    do throws(SystemError) {
      try makeOne(path)
    } catch {
      let parent = Destination.folder(of: path)
      guard error.code == ENOENT, parent != ".", parent != path else { throw error }
      try makeAll(parent)
      try makeOne(path)
    }
  }

  private static func makeOne(_ path: String) throws(SystemError) {
    guard unsafe path.withSystemPath({ unsafe mkdir($0, 0o777) }) != 0 else { return }
    let error = SystemError.last
    var status = stat()
    let isThere =
      unsafe path.withSystemPath { unsafe stat($0, &status) } == 0 && status.st_mode & S_IFMT == S_IFDIR
    guard error.code == EEXIST, isThere else { throw error }
  }
}
