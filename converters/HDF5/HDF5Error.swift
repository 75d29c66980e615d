import Encoding
public import Errors

/// Why an HDF5 file, or something in it, cannot be read.
public enum HDF5Error: ZooError, Hashable {
  /// Nothing is at the path, or it cannot be opened.
  case unreadable(path: String, reason: String)
  /// The file cannot be written to its end.
  case unwritable(path: String, reason: String)
  /// The file is something else; the finding says what.
  case notHDF5(path: String, finding: String)
  /// The file ends before its own superblock says it does.
  case truncated(path: String, promised: Int, found: Int)
  /// The library found the structure broken; its own words.
  case malformed(place: String, reason: String)
  /// Something in the file promises more than the file can hold, or than we accept.
  case limitExceeded(place: String, what: String, limit: Int, found: Int)
  /// Legal HDF5 that no weight file needs and that we refuse to follow.
  case refused(place: String, what: String)
  /// A group, dataset or attribute that is not there.
  case missing(place: String, what: String)
  /// Something is there, but not of the kind that was asked for.
  case wrongKind(place: String, expected: String, found: String)

  /// The kind of trouble.
  public var family: ErrorFamily {
    switch self {
    case .unreadable, .unwritable, .missing: .missing
    case .notHDF5, .truncated, .malformed, .limitExceeded: .malformed
    case .refused: .unsupported
    case .wrongKind: .mismatch
    }
  }

  /// One sentence: place, what, both sides, what to do.
  public var description: String {
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
