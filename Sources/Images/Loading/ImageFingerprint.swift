import Encoding
import Files

/// What the file of an image was when it was listed: its size and, where somebody asked for it, a digest of its bytes.
public struct ImageFingerprint: Hashable, Sendable {
  /// The size in bytes.
  public let byteCount: Int
  /// SHA-256 in lower-case hexadecimal; nil where it was not taken.
  public let sha256: String?

  /// Describes a file.
  public init(byteCount: Int, sha256: String? = nil) { (self.byteCount, self.sha256) = (byteCount, sha256) }

  /// What is there in place of an image that was listed in an archive and cannot be read, if it is the archive that is another; otherwise
  /// the same error.
  func explaining(_ error: ImageError, of location: ImageLocation) -> ImageError {
    guard case .unreadable(let path, _) = error, location.archive == nil,
      let place = PackedFiles.file(above: path)
    else { return error }
    return .changed(
      path: path, expected: "\(byteCount.grouped) bytes in an archive",
      found: (try? PackedFiles.isArchive(place)) == true
        ? "no such file in the archive \(place)" : "\(place), which is no archive")
  }

  /// Refuses the file at `path` where its bytes are not those that were listed.
  ///
  /// - Throws: ``ImageError/changed(path:expected:found:)``.
  func check(_ bytes: [UInt8], of path: String) throws(ImageError) {
    guard bytes.count == byteCount else {
      throw .changed(
        path: path, expected: "\(byteCount.grouped) bytes", found: "\(bytes.count.grouped) bytes")
    }
    guard let sha256 else { return }
    var digest = SHA256()
    bytes.withRawSpan { digest.update($0) }
    guard digest.hexadecimal == sha256 else {
      throw .changed(
        path: path, expected: "SHA-256 \(sha256.prefix(16))",
        found: "SHA-256 \(digest.hexadecimal.prefix(16))")
    }
  }
}
