import Encoding

/// A file in an archive.
package struct PackedMember: Hashable, Sendable {
  package let archive: PackedFiles
  /// Its number among the members.
  let number: Int

  /// The archive and the path inside it, with a slash between.
  package var path: String { archive.path(of: number) }

  /// Unpacked.
  package var byteCount: Int { archive.byteCount(of: number) }

  /// Whether it is a link, a device or the like, which is not read.
  package var isSpecial: Bool { archive.kind(of: number) == .special }

  /// The contents, verified where the archive has a checksum of them.
  package func contents() throws(FileError) -> [UInt8] {
    guard !isSpecial else {
      throw .unsupported(
        place: path, what: "a link, a device or a sparse file", advice: "pack the file itself")
    }
    let most = archive.mostUnpacked
    guard byteCount <= most else {
      throw .overLimit(place: path, what: "bytes to unpack", limit: most, found: byteCount)
    }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(byteCount)
    try archive.forEachPiece(of: number) { piece in
      bytes.append(piece)
      return true
    }
    return bytes
  }

  /// Lends the contents piece by piece, as long as `body` returns true; what is found wrong with them is an error.
  package func forEachPiece(_ body: (RawSpan) -> Bool) throws(FileError) {
    try archive.forEachPiece(of: number, body)
  }

  /// What it is by its first bytes.
  package func kind() throws(FileError) -> FileKind {
    var head: [UInt8] = []
    try archive.forEachPiece(of: number) { piece in
      head = [UInt8](piece, atMost: FileKind.headByteCount)
      return false
    }
    return FileKind(head: head.span, byteCount: byteCount)
  }

  /// Whether both are the same file of one archive, by its name.
  package static func == (one: PackedMember, other: PackedMember) -> Bool {
    one.archive === other.archive ? one.number == other.number : one.path.utf8.elementsEqual(other.path.utf8)
  }

  package func hash(into hasher: inout Hasher) { hasher.combine(path) }
}
