package import Catalog
package import Files

/// How a weight file compares with the published one of its weight set.
public enum Publication: Hashable, Sendable, CustomStringConvertible {
  /// The published file itself: the digests are equal.
  case identical(fileName: String)
  /// The published file with the classifier's layers.
  case identicalWithTop(fileName: String)
  /// Of a layout that was published, but another file.
  case different(fileName: String, expected: String)
  /// The published file's digest was never recorded.
  case unrecorded(fileName: String)
  /// A user's own file.
  case none

  package init(of source: FileDigests, _ set: WeightSet) {
    guard let file = set.file else {
      self = .none
      return
    }
    if file.md5 == source.md5 {
      self = .identical(fileName: file.name)
    } else if let md5 = file.withTop?.md5, md5 == source.md5 {
      self = .identicalWithTop(fileName: file.name)
    } else if let expected = file.md5 {
      self = .different(fileName: file.name, expected: expected)
    } else {
      self = .unrecorded(fileName: file.name)
    }
  }

  /// One sentence for a person.
  public var description: String {
    switch self {
    case .identical(let name): "its MD5 is that of the published \(name)"
    case .identicalWithTop(let name): "its MD5 is that of the published file with the top of \(name)"
    case .different(let name, let expected):
      "its MD5 is not the \(expected) of the published \(name): laid out alike, but other weights"
    case .unrecorded(let name): "the digest of the published \(name) was never recorded"
    case .none: "a file of a user's own: nothing was published to compare it with"
    }
  }
}
