import Encoding
import Files
import Images
import Tensors

/// Lists folders in the order Keras lists them: by code points, a folder's files before its sub-folders. What is hidden, or what
/// a system keeps for itself, is left out, as Keras's `image_dataset_from_directory` leaves out hidden folders.
struct FolderWalk {
  /// What there is below a folder.
  struct Contents {
    /// The images, as paths relative to the folder.
    var images: [String] = []
    var omissions = Omissions()
  }

  let followsLinks: Bool

  static func join(_ parts: String...) -> String {
    parts.dropFirst().reduce(parts[0]) { $0.hasSuffix("/") ? $0 + $1 : $0 + "/" + $1 }
  }

  /// The names of the folders directly inside `path`, links to folders included, those of them that are left out, and the
  /// images beside them.
  func subfolders(of path: String) throws(DatasetError) -> (
    shown: [String], hidden: [String], images: [String]
  ) {
    var (shown, hidden, images): ([String], [String], [String]) = ([], [], [])
    for name in try names(in: path) {
      if FileFacts.isFolder(Self.join(path, name)) {
        if Self.isHidden(name) { hidden.append(name) } else { shown.append(name) }
      } else if !Self.isHidden(name), Dataset.isImage(name) {
        images.append(name)
      }
    }
    return (shown, hidden, images)
  }

  /// The folder that has several folders in it, where one alone is in the folder at `path`, perhaps another in that, and so on,
  /// with the names of those several; nil where there are none.
  func innerFolder(of path: String) -> (path: String, names: [String])? {
    var place = path
    for _ in 0..<Self.deepestInnerFolder {
      guard let names = try? subfolders(of: place).shown, let first = names.first else { return nil }
      if names.count > 1 { return place == path ? nil : (place, names) }
      place = Self.join(place, first)
    }
    return nil
  }

  private static let deepestInnerFolder = 8

  /// The images below `path`, and what else is there.
  func contents(below path: String) throws(DatasetError) -> Contents {
    var folders: [(name: String, files: [String])] = []
    var contents = Contents()
    try collect(path, "", ancestors: [], into: &folders, &contents.omissions)
    // Python sorts whole paths, so `a-b` comes before `a/b`.
    folders.sort { FileName.precedes(Self.join(path, $0.name), Self.join(path, $1.name)) }
    for folder in folders {
      for file in folder.files {
        let name = folder.name.isEmpty ? file : Self.join(folder.name, file)
        if Dataset.isImage(file) || Self.isUnnamedImage(Self.join(path, name)) {
          contents.images.append(name)
        } else {
          contents.omissions.files[Self.ending(of: file), default: 0] += 1
        }
      }
    }
    return contents
  }

  /// Whether a file or a folder is nobody's image or class: hidden, or what a system puts beside what it shows.
  private static func isHidden(_ name: String) -> Bool { name.hasPrefix(".") || systemNames.contains(name) }

  private static let systemNames: Set = [
    "__MACOSX", "$RECYCLE.BIN", "System Volume Information", "lost+found", "@eaDir", "Thumbs.db",
    "desktop.ini",
  ]

  /// What follows the last dot of a name, in small letters; empty for a name without one.
  private static func ending(of name: String) -> String {
    name.lastIndex(of: ".").map { name[name.index(after: $0)...].lowercased() } ?? ""
  }

  /// Whether a file whose name has no ending, or a number for one, is an image of a kind that is read, by its first bytes.
  private static func isUnnamedImage(_ path: String) -> Bool {
    let ending = ending(of: path.split(separator: "/").last.map(String.init) ?? path)
    guard ending.allSatisfy(\.isNumber),
      case .image(let kind) = (try? FileFacts(path: path))?.kind
    else { return false }
    return ImageFormat(kind) != nil
  }

  private func collect(
    _ root: String, _ name: String, ancestors: [FileIdentity?],
    into folders: inout [(name: String, files: [String])], _ omissions: inout Omissions
  ) throws(DatasetError) {
    let path = name.isEmpty ? root : Self.join(root, name)
    let identity = FileIdentity(path)
    // A link back to a folder we are in would never end.
    guard !ancestors.contains(identity) else { return }
    var files: [String] = []
    for entry in try names(in: path) {
      let entryPath = Self.join(path, entry)
      let isFolder = FileFacts.isFolder(entryPath)
      guard !Self.isHidden(entry) else {
        if isFolder {
          omissions.hiddenFolders.insert(entry.escapingBytes)
        } else {
          omissions.hiddenFiles += 1
        }
        continue
      }
      guard isFolder else {
        files.append(entry)
        continue
      }
      let entryName = name.isEmpty ? entry : Self.join(name, entry)
      guard followsLinks || !FolderListing.isLink(entryPath) else {
        omissions.links.append(entryName.escapingBytes)
        continue
      }
      try collect(root, entryName, ancestors: ancestors + [identity], into: &folders, &omissions)
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
    let path = join(folder, name)
    guard path.utf8.count >= longestPath, FileIdentity(path) == nil else { return nil }
    return
      "the path of \(name) in it has \(path.utf8.count) bytes, more than the system follows; name a folder further in"
  }

  /// Every system follows shorter ones.
  private static let longestPath = 1024
}
