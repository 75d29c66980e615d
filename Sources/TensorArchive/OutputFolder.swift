import Foundation
import Tensors

/// Folders that files are to be written to.
package enum OutputFolder {
  /// Makes the folder at `path`, and those it lies in, where they are not there.
  package static func make(_ path: String) throws(ArchiveError) {
    do {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    } catch {
      throw .unwritable(path, SystemError(error as NSError))
    }
  }

  /// Makes the folder and finds out, before hours of work, whether it takes files.
  package static func makeWritable(_ path: String) throws(ArchiveError) {
    try make(path)
    try AtomicFile.checkWritable("\(path)/probe")
  }
}

extension SystemError {
  /// The system's error behind Foundation's, whose own words follow the locale and name no way out.
  fileprivate init(_ error: NSError) {
    let cause = error.userInfo[NSUnderlyingErrorKey] as? NSError ?? error
    self.init(code: cause.domain == NSPOSIXErrorDomain ? Int32(clamping: cause.code) : EEXIST)
  }
}
