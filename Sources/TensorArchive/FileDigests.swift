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

  /// Reads the file at `path`: both digests at once, each on its own thread, in constant memory.
  ///
  /// - Complexity: O(bytes).
  package init(contentsOf path: String) throws(ArchiveError) {
    var strong = Digesting(digest: SHA256())
    var weak = Digesting(digest: MD5())
    concurrently(
      &strong, { $0.read(path) { $0.update($1) } },
      &weak, { $0.read(path) { $0.update($1) } })
    let size = try strong.byteCount.get()
    guard try weak.byteCount.get() == size else {
      throw .unreadable(path: path, reason: "it changes while it is read")
    }
    self.init(byteCount: size, md5: weak.digest.hexadecimal, sha256: strong.digest.hexadecimal)
  }

  /// Digests of the right width for a file whose real ones follow later.
  package static func pending(byteCount: Int) -> FileDigests {
    FileDigests(
      byteCount: byteCount, md5: String(repeating: "0", count: 32),
      sha256: String(repeating: "0", count: 64))
  }
}

/// One digest of one file, and how that went.
private struct Digesting<Digest: Sendable>: Sendable {
  var digest: Digest
  var byteCount = Result<Int, ArchiveError>.success(0)

  mutating func read(_ path: String, _ update: (inout Digest, RawSpan) -> Void) {
    do throws(ArchiveError) {
      byteCount = .success(try FileReader.forEachChunk(of: path) { update(&digest, $0) })
    } catch {
      byteCount = .failure(error)
    }
  }
}
