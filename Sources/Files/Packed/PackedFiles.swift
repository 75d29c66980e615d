import Encoding

/// An archive of files, read in place: names and places are held, contents are read when they are asked for, by any number of
/// threads. Nothing is unpacked to the disk, and no link is followed.
package final class PackedFiles: Sendable {
  /// The archive as it was named.
  package let path: String
  private let folders: PackedFolders
  private let identity: FileIdentity?
  private let bytes: FileBytes
  private let reader: any MemberReader

  /// Finds the members of an archive.
  ///
  /// - Complexity: O(members); of a zip archive the directory is read, of a tar archive the header of every member.
  package init(_ bytes: FileBytes) throws(FileError) {
    (path, identity, self.bytes) = (bytes.name, FileIdentity(bytes.name), bytes)
    switch try PackedForm(bytes) {
    case .zip: reader = try ZipArchive(bytes, checksHeaders: false)
    case .tar: reader = try TarArchive(bytes)
    case nil: throw .damaged(place: path, reason: "a zip or tar archive was expected, this is neither")
    }
    folders = try PackedFolders(reader, of: bytes)
  }

  /// The file in it at `path`; nil where none is.
  package func member(at path: String) -> PackedMember? {
    folders.file(at: path, reader).map { PackedMember(archive: self, number: $0) }
  }

  /// The archive and a member's path inside it, with a slash between.
  func path(of member: Int) -> String { path + "/" + PackedFolders.normalised(reader.name(of: member)) }

  /// What is directly in a folder, each in code-point order of the names; nil where there is no such folder.
  package func contents(of folder: String) -> PackedContents? {
    folders[PackedFolders.normalised(folder)].map { folder in
      PackedContents(
        folders: folder.folders,
        files: folder.members.map { number in
          let number = Int(number)
          return (
            PackedFolders.lastPart(of: reader.name(of: number)), PackedMember(archive: self, number: number)
          )
        })
    }
  }

  /// Whether there is such a folder.
  package func hasFolder(_ path: String) -> Bool { folders[PackedFolders.normalised(path)] != nil }

  func kind(of member: Int) -> MemberKind { reader.kind(of: member) }

  func byteCount(of member: Int) -> Int { reader.byteCount(of: member) }

  func forEachPiece(of member: Int, _ body: (RawSpan) -> Bool) throws(FileError) {
    do throws(FileError) { try reader.forEachPiece(of: member, body) } catch {
      // What is wrong with bytes that are not those of the directory any more, is that.
      try requireUnchanged()
      throw error
    }
    try requireUnchanged()
  }

  /// Whether it is still the file that it was when it was opened.
  func requireUnchanged() throws(FileError) { try bytes.requireUnchanged() }

  /// Whether the file at `path` is the one that was opened, as it was then.
  func isStill(at path: String) -> Bool {
    identity != nil && FileIdentity(path) == identity && (try? requireUnchanged()) != nil
  }

  /// More is not unpacked of one member: numbers of pixels are seldom packed to a third of their size.
  var mostUnpacked: Int {
    let (most, overflow) = bytes.byteCount.multipliedReportingOverflow(by: 3)
    return overflow ? .max : most + (48 << 20)
  }
}

/// What is directly in a folder of an archive.
package struct PackedContents {
  package let folders: [String]
  package let files: [(name: String, member: PackedMember)]
}
