import Encoding

extension FolderPlace {
  /// Refuses a folder of the disk that has archives directly in it, which are read where they are named themselves.
  ///
  /// - Throws: ``DatasetError/archivesAlone(place:count:first:pattern:)``.
  func refuseArchivesAlone() throws(DatasetError) {
    guard tree is DiskTree else { return }
    let names = try tree.entries(of: path).filter { entry in
      entry.kind == .file && !FolderWalk.isHidden(entry.name)
        && ["tar", "zip"].contains(FolderWalk.ending(of: entry.name))
    }.map { FolderWalk.join(path, $0.name) }
    guard let first = names.first else { return }
    throw .archivesAlone(
      place: path.escapingBytes, count: names.count, first: first.escapingBytes,
      pattern: BracePattern.pattern(of: names)?.escapingBytes)
  }
}
