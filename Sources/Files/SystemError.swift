#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// A failed system call, by its number.
package struct SystemError: Error, Equatable {
  package let code: Int32

  package init(code: Int32) { self.code = code }

  /// The error of the call that failed last on this thread.
  package static var last: SystemError { SystemError(code: errno) }

  /// What keeps this process from reading the file or listing the folder at `path`; nil for nothing.
  ///
  /// For those who read through a library that does not say, or not in English.
  package static func opening(_ path: String) -> SystemError? {
    let descriptor = unsafe path.withSystemPath { unsafe open($0, O_RDONLY | O_NONBLOCK | O_CLOEXEC) }
    guard descriptor >= 0 else { return .last }
    defer { close(descriptor) }
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0 else { return .last }
    // To read from a pipe or a device is to wait for somebody, or never to end.
    let kind = status.st_mode & S_IFMT
    return kind == S_IFREG || kind == S_IFDIR ? nil : SystemError(code: ENODEV)
  }

  /// What keeps this process from seeing what is at `path`, which is not opened; nil for nothing.
  package static func reaching(_ path: String) -> SystemError? {
    var status = stat()
    return unsafe path.withSystemPath { unsafe stat($0, &status) } == 0 ? nil : .last
  }

  /// Whether nothing is there, as far as can be seen.
  package var isAbsence: Bool { code == ENOENT || code == ENOTDIR }

  /// Whether it is no file's fault: no more files can be open.
  package var isTooManyOpen: Bool { code == EMFILE || code == ENFILE }

  /// What there is to say about that.
  package static let tooManyOpen =
    "expected room for one more open file, found none; raise the system's limit of open files"

  /// The system's words, in English whatever the locale.
  package var reason: String {
    switch code {
    case ENOENT: "no such file or folder"
    case EACCES, EPERM: "permission denied"
    case EISDIR: "it is a folder"
    case ENOTDIR: "a part of its path is not a folder"
    case ENOSPC, EDQUOT: "the disk is full"
    case EROFS: "the file system is read-only"
    case ELOOP: "its symbolic links go round in a circle"
    case ENAMETOOLONG: "its name is too long"
    case EMFILE, ENFILE: "too many files are open"
    case EEXIST: "a file stands where a folder should be"
    case ENODEV: "it is a device or a pipe, not a file"
    case EFBIG: "the file would be larger than the system allows"
    default: unsafe String(cString: strerror(code))
    }
  }

  /// Why something cannot be read, and what a user can do about it.
  package var reasonForReaders: String {
    switch code {
    case ENOENT, ENOTDIR: reason + "; check the path"
    case EISDIR: reason + "; name a file inside it"
    default: reason
    }
  }

  /// Why `path` cannot be read, and what a user can do about it.
  ///
  /// Of a name that was not UTF-8, a text that did not come from a listing or the command line has nothing but a mark left, and
  /// no such file is there.
  package func reasonForReaders(of path: String) -> String {
    code == ENOENT && path.contains("\u{FFFD}")
      ? "a name in its path is not UTF-8; rename it" : reasonForReaders
  }

  /// What a user can do about it when writing.
  package var advice: String {
    switch code {
    case ENOENT, ENOTDIR: "make the folder first"
    case EACCES, EPERM, EROFS: "choose a place you may write to"
    case EISDIR: "name a file inside it"
    case EEXIST: "choose another name"
    case ENOSPC, EDQUOT: "free some space"
    case ENAMETOOLONG: "choose a shorter name"
    default: "nothing was changed"
    }
  }
}

/// Calls again while a signal interrupts; throws what failed.
package func retryingInterrupts(_ call: () -> Int) throws(SystemError) -> Int {
  while true {
    let result = call()
    if result >= 0 { return result }
    let error = SystemError.last
    guard error.code == EINTR else { throw error }
  }
}
