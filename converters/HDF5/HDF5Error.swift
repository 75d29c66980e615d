import Encoding
public import Errors

/// Why an HDF5 file, or something in it, cannot be read.
public enum HDF5Error: ZooError, Hashable {
  /// A file that does not exist or cannot be opened.
  case unreadable(path: String, reason: String)
  /// A file that cannot be written.
  case unwritable(path: String, reason: String)
  /// A file that is not HDF5; the finding says what it is.
  case notHDF5(path: String, finding: String)
  /// The file ends before its own superblock says it does.
  case truncated(path: String, promised: Int, found: Int)
  /// A damaged structure in the file.
  case malformed(place: String, reason: String)
  /// A size or a count in the file that is larger than possible, or than is accepted.
  case limitExceeded(place: String, what: String, limit: Int, found: Int)
  /// Valid HDF5 that no weight file needs and that is not read.
  case refused(place: String, what: String)
  /// A group, dataset or attribute that does not exist.
  case missing(place: String, what: String)
  /// An object of another kind than expected.
  case wrongKind(place: String, expected: String, found: String)

  /// What kind of error it is.
  public var family: ErrorFamily {
    switch self {
    case .unreadable, .unwritable, .missing: .missing
    case .notHDF5, .truncated, .malformed, .limitExceeded: .malformed
    case .refused: .unsupported
    case .wrongKind: .mismatch
    }
  }

  /// The error in one sentence: place, what is wrong, what was expected and found, what to do.
  public var description: String { sentence.printable }

  private var sentence: String {
    switch self {
    case .unreadable(let path, let reason): "\(path): cannot be read: \(reason)"
    case .unwritable(let path, let reason): "\(path): cannot be written: \(reason)"
    case .notHDF5(let path, let finding): "\(path): not an HDF5 file: \(finding)"
    case .truncated(let path, let promised, let found):
      "\(path): cut short: expected \(promised.grouped) bytes, found \(found.grouped); the download is"
        + " incomplete; fetch the file again"
    case .malformed(let place, let reason): "\(place): damaged HDF5: \(reason)"
    case .limitExceeded(let place, let what, let limit, let found):
      "\(place): \(what): expected at most \(limit.grouped), found \(found.grouped); the file is damaged or"
        + " was manipulated"
    case .refused(let place, let what):
      "\(place): \(what): not supported, because no weight file needs it; save the weights again without it"
    case .missing(let place, let what): "\(place): no \(what)"
    case .wrongKind(let place, let expected, let found):
      "\(place): expected \(expected), found \(found)"
    }
  }
}
