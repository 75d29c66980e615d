import Encoding

/// Files packed in one, each by its number: what is known of it, and its contents when they are asked for, on any thread.
protocol MemberReader: Sendable {
  var memberCount: Int { get }

  /// With `/` between folders; never absolute, never with `..`.
  func name(of member: Int) -> String

  func kind(of member: Int) -> PackedFiles.MemberKind

  /// The bytes of its contents, unpacked.
  func byteCount(of member: Int) -> Int

  /// Lends the contents piece by piece, as long as `body` returns true; what is found wrong with them is an error.
  func forEachPiece(of member: Int, _ body: (RawSpan) -> Bool) throws(FileError)
}

extension PackedFiles {
  /// What a member of an archive stands for.
  enum MemberKind: Sendable {
    case file, folder
    /// A link, a device, or a file that is not there as a whole: none of them is followed or read.
    case special
  }
}

extension ZipArchive: MemberReader {
  var memberCount: Int { members.count }

  func name(of member: Int) -> String { members[member].name }

  func kind(of member: Int) -> PackedFiles.MemberKind {
    members[member].isFolder ? .folder : members[member].isLink ? .special : .file
  }

  func byteCount(of member: Int) -> Int { members[member].byteCount }

  func forEachPiece(of member: Int, _ body: (RawSpan) -> Bool) throws(FileError) {
    try forEachPiece(of: members[member], body)
  }
}
