import Encoding
public import Errors

/// Why images cannot be listed in a file, or be read from one.
public enum ListingError: ZooError, Hashable {
  /// A name that no listing has.
  case ending(path: String)
  /// A name that does not fit on one line of a file of this format.
  case lineBreak(path: String, name: String)
  /// A listing that was changed after it was written.
  case changed(path: String, expected: String, found: String)
  /// A listing or an index that is none.
  case malformed(path: String, reason: String)
  /// Places that are not in the listing, which has so many.
  case rows(path: String, expected: Int, found: Range<Int>)

  /// What kind of error it is.
  public var family: ErrorFamily {
    switch self {
    case .ending, .lineBreak: .unsupported
    case .malformed: .malformed
    case .changed, .rows: .mismatch
    }
  }

  /// The error in one sentence.
  public var description: String { sentence.printable }

  private var sentence: String {
    switch self {
    case .ending(let path):
      "\(path): expected a name ending in .jsonl, .ndjson or .csv, which decides the format of a listing"
    case .lineBreak(let path, let name):
      "\(path): the name of \(name) has a line break in it, which does not fit on one line of this format; write a .jsonl file"
    case .changed(let path, let expected, let found):
      "\(path): changed since it was written; expected \(expected), found \(found); list the images again, or delete "
        + "\(Listing.indexPath(of: path)) to read it as any manifest"
    case .malformed(let path, let reason): "\(path): not a listing: \(reason); list the images again"
    case .rows(let path, let expected, let found):
      "\(path): expected rows from 0 to \(expected.grouped), found \(found.lowerBound)..<\(found.upperBound)"
    }
  }
}
