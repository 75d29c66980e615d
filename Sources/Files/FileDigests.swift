import Encoding

/// The size of a file and two digests of its bytes.
public struct FileDigests: Hashable, Sendable {
  /// The size in bytes.
  public var byteCount: Int
  /// MD5, 32 lower-case hexadecimal digits: the name under which weight files were published.
  public var md5: String
  /// SHA-256, 64 lower-case hexadecimal digits.
  public var sha256: String

  /// Digests that are known already.
  public init(byteCount: Int, md5: String, sha256: String) {
    self.byteCount = byteCount
    self.md5 = md5
    self.sha256 = sha256
  }

  /// Reads the file at `path` once, in constant memory.
  ///
  /// - Complexity: O(bytes).
  package init(contentsOf path: String) throws(FileError) { try self.init(of: FileBytes(path: path)) }

  /// Digests of bytes that are open already, which are read once.
  ///
  /// - Parameter goesOn: Asked now and then; when it says no, what is returned is of no use.
  /// - Complexity: O(bytes).
  package init(of bytes: FileBytes, while goesOn: () -> Bool = { true }) throws(FileError) {
    var digests = DigestPair()
    _ = try bytes.forEachPiece { (piece: RawSpan) throws(FileError) -> Bool in
      digests.update(piece)
      return goesOn()
    }
    self.init(
      byteCount: bytes.byteCount, md5: digests.md5.hexadecimal, sha256: digests.sha256.hexadecimal)
  }

  /// Digests of the right width for a file whose real ones follow later.
  package static func pending(byteCount: Int) -> FileDigests {
    FileDigests(
      byteCount: byteCount, md5: String(repeating: "0", count: 32),
      sha256: String(repeating: "0", count: 64))
  }
}
