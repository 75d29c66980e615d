import Foundation

/// Where a file is to be written.
enum Destination {
  private static let maximumLinkCount = 40

  /// Follows symbolic links from `path` to the file to replace, which need not exist.
  ///
  /// Refuses folders, devices and write-protected files: a rename would put a file in their place.
  static func resolve(_ path: String) throws(SystemError) -> String {
    var path = path
    for _ in 0..<maximumLinkCount {
      guard let kind = try kind(of: path) else { return try checkingName(path) }
      switch kind {
      case S_IFLNK: path = try follow(path)
      case S_IFREG: return try checkingProtection(path)
      case S_IFDIR: throw SystemError(code: EISDIR)
      default: throw SystemError(code: ENODEV)
      }
    }
    throw SystemError(code: ELOOP)
  }

  /// The folder of `path`; `.` for a bare name.
  static func folder(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/." : String(path[..<slash])
  }

  /// The last component of `path`.
  static func name(of path: String) -> String {
    path.lastIndex(of: "/").map { String(path[path.index(after: $0)...]) } ?? path
  }

  /// What is at `path` itself, which may be a link; nil where nothing is, or nobody says.
  static func status(of path: String) -> stat? {
    var status = stat()
    return unsafe path.withSystemPath { unsafe lstat($0, &status) } == 0 ? status : nil
  }

  /// The `S_IFMT` bits of what is at `path` itself, or nil when nothing is.
  private static func kind(of path: String) throws(SystemError) -> mode_t? {
    var status = stat()
    do throws(SystemError) {
      _ = try retryingInterrupts { unsafe path.withSystemPath { unsafe Int(lstat($0, &status)) } }
      return status.st_mode & S_IFMT
    } catch {
      guard error.code == ENOENT else { throw error }
      return nil
    }
  }

  private static func follow(_ link: String) throws(SystemError) -> String {
    guard let target = try? FileManager.default.destinationOfSymbolicLink(atPath: link) else {
      throw SystemError(code: ENOENT)
    }
    return target.hasPrefix("/") ? target : folder(of: link) + "/" + target
  }

  private static func checkingName(_ path: String) throws(SystemError) -> String {
    guard !path.isEmpty else { throw SystemError(code: ENOENT) }
    guard !path.hasSuffix("/") else { throw SystemError(code: EISDIR) }
    return path
  }

  private static func checkingProtection(_ path: String) throws(SystemError) -> String {
    _ = try retryingInterrupts { unsafe path.withSystemPath { unsafe Int(access($0, W_OK)) } }
    return path
  }
}
