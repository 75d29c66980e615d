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
    func isIdentical(_ md5: String?, _ sha256: String?) -> Bool {
      md5 == source.md5 || sha256 == source.sha256
    }
    if isIdentical(file.md5, file.sha256) {
      self = .identical(fileName: file.name)
    } else if isIdentical(file.withTop?.md5, file.withTop?.sha256) {
      self = .identicalWithTop(fileName: file.name)
    } else if let expected = file.md5 ?? file.sha256 {
      self = .different(fileName: file.name, expected: expected)
    } else {
      self = .unrecorded(fileName: file.name)
    }
  }

  /// Whether `contents` are the published file of `set`, with a classifier or without: by size, and where that fits, by digest.
  static func isPublished(_ contents: FileBytes, _ set: WeightSet) throws -> Bool {
    guard let file = set.file else { return false }
    if let size = file.size, size != contents.byteCount {
      guard let top = file.withTop, top.size ?? contents.byteCount == contents.byteCount else { return false }
    }
    switch Publication(of: try FileDigests(of: contents, while: { true }), set) {
    case .identical, .identicalWithTop: return true
    case .different, .unrecorded, .none: return false
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
