import Encoding
public import Errors

/// Why a file or a folder cannot be read or written.
public enum FileError: ZooError, Hashable {
  /// It cannot be opened, read or listed; `reason` in the system's words, with what to do about it.
  case unreadable(path: String, reason: String)
  /// It cannot be written; nothing was changed.
  case unwritable(path: String, reason: String, advice: String)

  /// It is read in the same run, as `input`, and would be replaced.
  case isInput(path: String, input: String)

  /// The system lets this process, or all of them, have no more files open.
  case tooManyOpen(path: String)

  /// Somebody wrote to it after it was opened; both in bytes.
  case changed(path: String, expected: Int, found: Int)

  /// The bytes of what it is packed in, or its own, are not what they claim to be.
  case damaged(place: String, reason: String)

  /// It claims more than it can have, or than is accepted.
  case overLimit(place: String, what: String, limit: Int, found: Int)

  /// The system does not give the memory that its bytes take.
  case noMemory(place: String, neededByteCount: Int)

  /// Well-formed, but packed in a way that is not read.
  case unsupported(place: String, what: String, advice: String)

  /// What kind of error it is.
  public var family: ErrorFamily {
    switch self {
    case .unreadable, .unwritable: .missing
    case .changed, .isInput: .mismatch
    case .damaged, .overLimit: .malformed
    case .unsupported, .tooManyOpen, .noMemory: .unsupported
    }
  }

  /// *place: what; what to do*.
  public var description: String { sentence.printable }

  private var sentence: String {
    switch self {
    case .unreadable(let path, let reason): "\(path): cannot be read: \(reason)"
    case .unwritable(let path, let reason, let advice): "\(path): cannot be written: \(reason); \(advice)"
    case .tooManyOpen(let path):
      "\(path): cannot be opened: \(SystemError.tooManyOpen)"
    case .isInput(let path, let input): "\(path): is \(input), which is read; name another file"
    case .changed(let path, let expected, let found):
      """
      \(path): was written to while it was in use; expected the \(expected) bytes that were there when it was opened, \
      found \(found == expected ? "other ones" : "\(found)"); leave the file alone and start again
      """
    case .damaged(let place, let reason): "\(place): \(reason); fetch the file again"
    case .overLimit(let place, let what, let limit, let found):
      "\(place): \(what): at most \(limit.grouped) can be true or are accepted, found \(found.grouped); the file is"
        + " damaged or was made to mislead"
    case .noMemory(let place, let needed):
      "\(place): the system does not give the \(needed.grouped) bytes of memory that reading takes; end other programs, or"
        + " use a machine with more memory"
    case .unsupported(let place, let what, let advice): "\(place): \(what): not supported; \(advice)"
    }
  }
}

extension FileError {
  /// Whether it is nothing that the file has in it, but what the system says of opening or reading it.
  package var isOfSystem: Bool {
    switch self {
    case .unreadable, .tooManyOpen: true
    case .unwritable, .isInput, .changed, .damaged, .overLimit, .noMemory, .unsupported: false
    }
  }

  package static func unreadable(_ path: String, _ error: SystemError) -> FileError {
    error.isTooManyOpen
      ? .tooManyOpen(path: path) : .unreadable(path: path, reason: error.reasonForReaders(of: path))
  }

  static func unwritable(_ path: String, _ error: SystemError) -> FileError {
    error.isTooManyOpen
      ? .tooManyOpen(path: path) : .unwritable(path: path, reason: error.reason, advice: error.advice)
  }
}
