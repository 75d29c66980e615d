public import Files

/// Where the bytes of an image are: in a file of their own, or in a zip or tar archive.
///
/// ```swift
/// let pixels = try Bitmap(contentsOf: dataset.items[0].location)
/// ```
public struct ImageLocation: Hashable, Sendable {
  private enum Place: Hashable, Sendable {
    case file(String)
    case member(PackedMember)
    /// A name to show, and nothing to read.
    case nowhere(String)
  }

  private let place: Place

  /// The file at `path`; nothing is looked at yet. Where nothing is at `path` itself, it may lead into an archive,
  /// `photos.zip/cats/im1.jpg`, which is then opened for each reading.
  public init(path: String) { place = .file(path) }

  /// The file at `path`, which may lead into an archive; the archive is opened once, and stays open.
  ///
  /// - Throws: `FileError` for an archive that cannot be read, and for a path into one that has no file there.
  public init(resolving path: String) throws(FileError) {
    self = try ImageLocation(path: path).resolved()
    guard member == nil, FileIdentity(path) == nil, let found = try PackedFiles.find(path) else { return }
    throw .unreadable(
      path: path,
      reason: found.archive.hasFolder(found.inside)
        ? "it is a folder in an archive; name an image inside it" : "no such file is in the archive")
  }

  package init(_ member: PackedMember) { place = .member(member) }

  /// An image of which there is a name alone, such as that of a row of features: whatever the name leads to, nothing is read.
  package init(unread name: String) { place = .nowhere(name) }

  /// Whether there is nothing to read, whatever the name leads to.
  package var isUnread: Bool { if case .nowhere = place { true } else { false } }

  /// The file, as people are shown it and as everything that reads an image by its path takes it; of a file in an archive the
  /// archive and the path inside it, with a slash between.
  public var path: String {
    switch place {
    case .file(let path), .nowhere(let path): path
    case .member(let member): member.path
    }
  }

  /// The archive that it is known to be in; nil for a file of its own.
  public var archive: String? { member?.archive.path }

  /// The file in an archive that it is known to be.
  package var member: PackedMember? { if case .member(let member) = place { member } else { nil } }

  /// The same place, of a path into an archive as the file in it.
  package func resolved() throws(FileError) -> ImageLocation {
    // Where something is by this name on the disk, that is meant.
    guard case .file(let path) = place, FileIdentity(path) == nil, let found = try PackedFiles.find(path),
      let member = found.archive.member(at: found.inside)
    else { return self }
    return ImageLocation(member)
  }
}

extension ImageLocation {
  /// How many bytes it has; nil where no file is.
  package var byteCount: Int? {
    isUnread ? nil : member.map(\.byteCount) ?? FileFacts.byteCount(of: path)
  }

  /// What it is by its first bytes; nil where nothing can be read.
  package var kind: FileKind? {
    guard !isUnread else { return nil }
    guard let member else { return (try? FileFacts(path: path))?.kind }
    return try? member.kind()
  }

  /// The SHA-256 of its bytes in lower-case hexadecimal; nil where they cannot be read.
  ///
  /// - Complexity: reads it once, in constant memory.
  package var sha256: String? {
    guard !isUnread else { return nil }
    var digest = SHA256()
    let take = { (piece: RawSpan) -> Bool in
      digest.update(piece)
      return true
    }
    do throws(FileError) {
      if let member = try resolved().member {
        try member.forEachPiece(take)
      } else {
        _ = try FileBytes(path: path).forEachPiece(take)
      }
      return digest.hexadecimal
    } catch {
      return nil
    }
  }
}
