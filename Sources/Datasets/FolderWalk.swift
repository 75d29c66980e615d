import Files
import Foundation
import Images
import Tensors

/// Lists folders in the order Keras lists them: by code points, a folder's files before its sub-folders.
struct FolderWalk {
  let followsLinks: Bool

  static func join(_ parts: String...) -> String {
    parts.dropFirst().reduce(parts[0]) { $0.hasSuffix("/") ? $0 + $1 : $0 + "/" + $1 }
  }

  /// The names of the folders directly inside `path`, links to folders included.
  func subfolders(of path: String) throws(DatasetError) -> [String] {
    try names(in: path).filter { FileFacts.isFolder(Self.join(path, $0)) }
  }

  /// The files below `path`, as paths relative to it.
  func files(below path: String) throws(DatasetError) -> [String] {
    var folders: [(name: String, files: [String])] = []
    try collect(path, "", ancestors: [], into: &folders)
    // Python sorts whole paths, so `a-b` comes before `a/b`.
    folders.sort { Self.precedes(Self.join(path, $0.name), Self.join(path, $1.name)) }
    return folders.flatMap { folder in
      folder.files.map { folder.name.isEmpty ? $0 : Self.join(folder.name, $0) }
    }
  }

  private func collect(
    _ root: String, _ name: String, ancestors: [String], into folders: inout [(name: String, files: [String])]
  ) throws(DatasetError) {
    let path = name.isEmpty ? root : Self.join(root, name)
    let resolved = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
    // A link back to a folder we are in would never end.
    guard !ancestors.contains(resolved) else { return }
    var files: [String] = []
    for entry in try names(in: path) {
      let entryPath = Self.join(path, entry)
      guard FileFacts.isFolder(entryPath) else {
        files.append(entry)
        continue
      }
      guard followsLinks || !Self.isLink(entryPath) else { continue }
      let entryName = name.isEmpty ? entry : Self.join(name, entry)
      try collect(root, entryName, ancestors: ancestors + [resolved], into: &folders)
    }
    folders.append((name, files))
  }

  private func names(in path: String) throws(DatasetError) -> [String] {
    if let error = SystemError.opening(path) {
      guard !error.isTooManyOpen else { throw .tooManyOpenFiles(path: path) }
      throw .unlistable(path: path, reason: error.reasonForReaders(of: path))
    }
    guard FileFacts.isFolder(path) else { throw .notAFolder(path: path) }
    let names: [String]
    do {
      names = try FileManager.default.contentsOfDirectory(atPath: path).sorted(by: Self.precedes)
    } catch {
      throw .unlistable(path: path, reason: error.localizedDescription)
    }
    for name in names where !Dataset.isImage(name) {
      if let reason = Self.reasonOfLoss(name, in: path) { throw .unlistable(path: path, reason: reason) }
    }
    return names
  }

  /// Why something that may be a folder of images cannot be reached by its name, if so; of an image reading it says so.
  private static func reasonOfLoss(_ name: String, in folder: String) -> String? {
    let path = join(folder, name)
    let isLong = path.utf8.count >= longestPath
    guard isLong || name.contains("\u{FFFD}"), FileIdentity(path) == nil else { return nil }
    return isLong
      ? "the path of \(name) in it has \(path.utf8.count) bytes, more than the system follows; name a folder further in"
      : "the name \(name) in it is not UTF-8; rename it"
  }

  /// Every system follows shorter ones.
  private static let longestPath = 1024

  /// Code-point order, which for UTF-8 is byte order; `String`'s own order looks at normal forms.
  private static func precedes(_ first: String, _ second: String) -> Bool {
    first.utf8.lexicographicallyPrecedes(second.utf8)
  }

  private static func isLink(_ path: String) -> Bool {
    (try? FileManager.default.destinationOfSymbolicLink(atPath: path)) != nil
  }
}
