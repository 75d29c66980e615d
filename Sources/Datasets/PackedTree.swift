import Encoding
import Files
import Images

/// The folders of an archive; their paths begin with the archive's.
struct PackedTree: FileTree {
  let archive: PackedFiles

  func entries(of path: String) throws(DatasetError) -> [FileTreeEntry] {
    let inside = inside(path)
    guard let found = archive.contents(of: inside) else {
      guard archive.member(at: inside) == nil else { throw .notAFolder(path: path) }
      let folders = archive.contents(of: "")?.folders.map(\.escapingBytes) ?? []
      throw .unlistable(
        path: path, reason: "no such folder is in the archive; it has \(DatasetError.list(folders))")
    }
    let folders = found.folders.map { name in
      FileTreeEntry(
        name: name, kind: .folder, location: ImageLocation(path: FolderWalk.join(path, name)))
    }
    return folders
      + found.files.map { name, member in
        FileTreeEntry(name: name, kind: member.isSpecial ? .special : .file, location: ImageLocation(member))
      }
  }

  /// No link is followed.
  func identity(of path: String) -> FileIdentity? { nil }

  func location(of path: String) -> ImageLocation? {
    archive.member(at: inside(path)).flatMap { $0.isSpecial ? nil : ImageLocation($0) }
  }

  /// What a path is in the archive.
  private func inside(_ path: String) -> String {
    String(Substring(path.utf8.dropFirst(archive.path.utf8.count)))
  }
}
