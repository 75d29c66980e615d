import Encoding
import Files
import Images

/// The folders of the disk.
struct DiskTree: FileTree {
  func entries(of path: String) throws(DatasetError) -> [FileTreeEntry] {
    try names(in: path).map { name in
      let entryPath = FolderWalk.join(path, name)
      return FileTreeEntry(
        name: name, kind: Self.kind(of: entryPath), location: ImageLocation(path: entryPath))
    }
  }

  func identity(of path: String) -> FileIdentity? { FileIdentity(path) }

  func location(of path: String) -> ImageLocation? {
    FileIdentity(path) == nil || FileFacts.isFolder(path) ? nil : ImageLocation(path: path)
  }

  private static func kind(of path: String) -> FileTreeEntry.Kind {
    guard FileFacts.isFolder(path) else { return .file }
    return FolderListing.isLink(path) ? .linkedFolder : .folder
  }

  private func names(in path: String) throws(DatasetError) -> [String] {
    if let error = SystemError.opening(path) {
      guard !error.isTooManyOpen else { throw .tooManyOpenFiles(path: path) }
      throw .unlistable(path: path, reason: error.reasonForReaders(of: path))
    }
    guard FileFacts.isFolder(path) else { throw .notAFolder(path: path) }
    let names: [String]
    do throws(SystemError) {
      names = try FolderListing.names(in: path).sorted(by: FileName.precedes)
    } catch {
      guard !error.isTooManyOpen else { throw .tooManyOpenFiles(path: path) }
      throw .unlistable(path: path, reason: error.reasonForReaders(of: path))
    }
    for name in names where !Dataset.isImage(name) {
      if let reason = Self.reasonOfLoss(name, in: path) { throw .unlistable(path: path, reason: reason) }
    }
    return names
  }

  /// Why something that may be a folder of images cannot be reached by its name, if so; of an image reading it says so.
  private static func reasonOfLoss(_ name: String, in folder: String) -> String? {
    let path = FolderWalk.join(folder, name)
    guard path.utf8.count >= longestPath, FileIdentity(path) == nil else { return nil }
    return
      "the path of \(name) in it has \(path.utf8.count) bytes, more than the system follows; name a folder further in"
  }

  /// Every system follows shorter ones.
  private static let longestPath = 1024
}
