import Encoding
import Files
import Images

/// Lists folders in the order Keras lists them: by code points, a folder's files before its sub-folders. What is hidden, or what
/// a system keeps for itself, is left out, as Keras's `image_dataset_from_directory` leaves out hidden folders.
struct FolderWalk {
  /// What there is below a folder.
  struct Contents {
    /// The images: names relative to the folder, and where they are.
    var images: [(name: String, location: ImageLocation)] = []
    var omissions = Omissions()
  }

  let tree: any FileTree
  let followsLinks: Bool

  static func join(_ parts: String...) -> String {
    parts.dropFirst().reduce(parts[0]) { $0.hasSuffix("/") ? $0 + $1 : $0 + "/" + $1 }
  }

  /// What is directly in a folder.
  struct Level {
    /// The names of the folders, links to folders included.
    var shown: [String] = []
    /// The names of those folders that are left out.
    var hidden: [String] = []
    /// The names of the images.
    var images: [String] = []
    /// What is neither.
    var omissions = Omissions()
  }

  /// What is directly in the folder at `path`.
  func subfolders(of path: String) throws(DatasetError) -> Level {
    var level = Level()
    for entry in try tree.entries(of: path) {
      let name = entry.name
      switch entry.kind {
      case _ where Self.isHidden(name):
        level.omissions.addHidden(entry)
        if entry.isFolder { level.hidden.append(name) }
      case .folder, .linkedFolder: level.shown.append(name)
      case .special: level.omissions.special.append(name.escapingBytes)
      case .file:
        if Dataset.isImage(name) {
          level.images.append(name)
        } else {
          level.omissions.files[Self.ending(of: name), default: 0] += 1
        }
      }
    }
    return level
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

  static let deepestInnerFolder = 8

  /// The images below `path`, and what else is there.
  func contents(below path: String) throws(DatasetError) -> Contents {
    var folders = try WalkedFolders(self, below: path, mostHeld: WalkedFolders.mostHeld)
    var contents = Contents()
    while let images = try folders.next() { contents.images += images }
    contents.omissions = folders.omissions
    return contents
  }

  /// Whether a file or a folder is nobody's image or class: hidden, or what a system puts beside what it shows.
  static func isHidden(_ name: String) -> Bool {
    name.utf8.first == UInt8(ascii: ".") || systemNames.contains(name)
  }

  private static let systemNames: Set = [
    "__MACOSX", "$RECYCLE.BIN", "System Volume Information", "lost+found", "@eaDir", "Thumbs.db",
    "desktop.ini",
  ]

  /// What follows the last dot of a name, in small letters; empty for a name without one.
  static func ending(of name: String) -> String {
    name.lastIndex(of: ".").map { name[name.index(after: $0)...].lowercased() } ?? ""
  }

  /// Whether a file whose name has no ending, or a number for one, is an image of a kind that is read, by its first bytes.
  static func isUnnamedImage(_ file: FileTreeEntry) -> Bool {
    guard ending(of: file.name).allSatisfy(\.isNumber), case .image(let kind) = file.location.kind else {
      return false
    }
    return ImageFormat(kind) != nil
  }
}

extension Omissions {
  mutating func addHidden(_ entry: FileTreeEntry) {
    if entry.isFolder {
      hiddenFolders.insert(entry.name.escapingBytes)
    } else {
      hiddenFiles += 1
    }
  }
}
