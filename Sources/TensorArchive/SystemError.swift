import Foundation

/// A failed system call, by its number.
struct SystemError: Error, Equatable {
  let code: Int32

  /// The error of the call that failed last on this thread.
  static var last: SystemError { SystemError(code: errno) }

  /// The system's words, in English whatever the locale.
  var reason: String {
    switch code {
    case ENOENT: "there is no such file or folder"
    case EACCES, EPERM: "permission denied"
    case EISDIR: "it is a folder"
    case ENOTDIR: "a part of its path is not a folder"
    case ENOSPC, EDQUOT: "the disk is full"
    case EROFS: "the file system is read-only"
    case ELOOP: "its symbolic links go round in a circle"
    case ENAMETOOLONG: "its name is too long"
    case EMFILE, ENFILE: "too many files are open"
    case ENODEV: "it is a device or a pipe, not a file"
    case EFBIG: "the file would be larger than the system allows"
    default: unsafe String(cString: strerror(code))
    }
  }

  /// What a user can do about it when writing.
  var advice: String {
    switch code {
    case ENOENT, ENOTDIR: "make the folder first"
    case EACCES, EPERM, EROFS: "choose a place you may write to"
    case EISDIR: "name a file inside it"
    case ENOSPC, EDQUOT: "free some space"
    case ENAMETOOLONG: "choose a shorter name"
    default: "nothing was changed"
    }
  }
}

/// Calls again while a signal interrupts; throws what failed.
func retryingInterrupts(_ call: () -> Int) throws(SystemError) -> Int {
  while true {
    let result = call()
    if result >= 0 { return result }
    let error = SystemError.last
    guard error.code == EINTR else { throw error }
  }
}
