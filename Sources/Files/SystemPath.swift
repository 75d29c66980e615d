import Encoding
import Foundation

extension String {
  /// Lends the path as the system takes it: its bytes, those of names that are not UTF-8 included (``FileName``). A path with a zero byte
  /// leads nowhere, not to what stands ahead of that byte.
  func withSystemPath<Result, Failure: Error>(
    _ body: (UnsafePointer<CChar>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    var bytes = FileName.bytes(of: self).map { CChar(bitPattern: $0) }
    if bytes.contains(0) { bytes = [] }
    bytes.append(0)
    let path = bytes
    return try unsafe body(path)
  }
}

/// What lies in a folder.
package enum FolderListing {
  /// The names of what is in the folder at `path`, in the system's order, without `.` and `..`.
  package static func names(in path: String) throws(SystemError) -> [String] {
    guard let folder = unsafe path.withSystemPath({ unsafe opendir($0) }) else { throw .last }
    defer { unsafe closedir(folder) }
    var names: [String] = []
    while true {
      errno = 0
      guard let entry = unsafe readdir(folder) else { break }
      let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { unsafe Array($0.prefix { $0 != 0 }) }
      if name != [0x2E], name != [0x2E, 0x2E] { names.append(FileName.text(of: name)) }
    }
    guard errno == 0 else { throw .last }
    return names
  }

  /// Whether `path` itself is a symbolic link.
  package static func isLink(_ path: String) -> Bool {
    var status = stat()
    return unsafe path.withSystemPath { unsafe lstat($0, &status) } == 0 && status.st_mode & S_IFMT == S_IFLNK
  }
}
