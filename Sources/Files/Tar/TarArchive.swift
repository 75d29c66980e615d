/// A tar archive read in place: POSIX's, GNU's and that of Unix version 7, with long names and sizes of either kind.
///
/// Members are found by going from header to header, each of which has a checksum; their contents have none. Links, devices and
/// sparse files are known but not read.
struct TarArchive: MemberReader {
  let members: [TarMember]
  private let archive: FileBytes

  /// - Complexity: O(members), a look at the file for each.
  init(_ archive: FileBytes, limits: ZipLimits = .standard) throws(FileError) {
    var directory = TarDirectory(archive, limits: limits)
    (self.archive, members) = (archive, try directory.members())
  }

  var memberCount: Int { members.count }

  func name(of member: Int) -> String { members[member].name }

  func kind(of member: Int) -> PackedFiles.MemberKind { members[member].kind }

  func byteCount(of member: Int) -> Int { members[member].byteCount }

  func forEachPiece(of member: Int, _ body: (RawSpan) -> Bool) throws(FileError) {
    let member = members[member]
    let contents = try archive.part(
      member.start..<member.start + member.byteCount, name: "\(archive.name)/\(member.name)")
    _ = try contents.forEachPiece { (piece: RawSpan) throws(FileError) -> Bool in body(piece) }
  }
}

/// A file, a folder or something else in a tar archive.
struct TarMember: Sendable {
  let name: String
  let kind: PackedFiles.MemberKind
  /// Where its contents begin.
  let start: Int
  let byteCount: Int

  /// What a header of `type` stands for.
  static func kind(of type: UInt8, isNamedAsFolder: Bool) -> PackedFiles.MemberKind {
    switch type {
    case 0, UInt8(ascii: "0"), UInt8(ascii: "7"): isNamedAsFolder ? .folder : .file
    case UInt8(ascii: "5"), UInt8(ascii: "D"): .folder
    default: .special
    }
  }

  /// Whether contents follow a header of `type`: not those of links, devices, folders and pipes, whatever size they state.
  static func hasContents(_ type: UInt8) -> Bool { !(UInt8(ascii: "1")...UInt8(ascii: "6")).contains(type) }
}
