package import Files

/// Where the bytes of an image are.
///
/// ```swift
/// let pixels = try Bitmap(contentsOf: dataset.items[0].location)
/// ```
public struct ImageLocation: Hashable, Sendable {
  /// The file, as people are shown it and as everything that reads an image by its path takes it.
  public let path: String

  /// The file at `path`; nothing is read yet.
  public init(path: String) { self.path = path }
}

extension ImageLocation {
  /// The bytes; nothing but their number is known yet.
  package func open() throws(FileError) -> FileBytes { try FileBytes(path: path) }

  /// How many bytes it has; nil where nothing can be read.
  package var byteCount: Int? { try? open().byteCount }

  /// What it is by its first bytes; nil where nothing can be read.
  package var kind: FileKind? { (try? FileFacts(path: path))?.kind }

  /// The SHA-256 of its bytes in lower-case hexadecimal; nil where they cannot be read.
  ///
  /// - Complexity: reads it once, in constant memory.
  package var sha256: String? {
    var digest = SHA256()
    let isWhole = try? open().forEachPiece { (piece: RawSpan) throws(FileError) -> Bool in
      digest.update(piece)
      return true
    }
    return isWhole == nil ? nil : digest.hexadecimal
  }
}
