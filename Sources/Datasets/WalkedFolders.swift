import Encoding
import Files
import Images

/// The images below a folder, one folder after the other in the order in which Keras lists them.
///
/// All folders are looked for first. Of the files that are met meanwhile some are held; where there are more, folders are listed
/// again when their turn comes, so that memory is that of the folders' names and of the files of one of them.
struct WalkedFolders {
  typealias Image = (name: String, location: ImageLocation)

  /// A folder, and the files in it where they are held.
  private struct Folder {
    let name: String
    var files: [FileTreeEntry]?
  }

  /// What was left out so far.
  private(set) var omissions = Omissions()

  private let walk: FolderWalk
  private let root: String
  /// The next is the last.
  private var waiting: [Folder] = []
  private var heldCount = 0

  /// Files held at most.
  static let mostHeld = 1 << 17

  /// - Parameter mostHeld: how many files to hold at most.
  init(_ walk: FolderWalk, below root: String, mostHeld: Int) throws(DatasetError) {
    (self.walk, self.root) = (walk, root)
    try collect(mostHeld)
    // Python sorts whole paths, so `a-b` comes before `a/b`.
    waiting.sort { FileName.precedes(FolderWalk.join(root, $1.name), FolderWalk.join(root, $0.name)) }
    omissions.links.sort(by: FileName.precedes)
    omissions.special.sort(by: FileName.precedes)
  }

  /// The images of the next folder, perhaps none; names are relative to the root. Nil after the last.
  mutating func next() throws(DatasetError) -> [Image]? {
    guard let folder = waiting.popLast() else { return nil }
    heldCount -= folder.files?.count ?? 0
    let files = if let held = folder.files { held } else { try self.files(in: path(of: folder.name)) }
    var images: [Image] = []
    for file in files {
      if Dataset.isImage(file.name) || FolderWalk.isUnnamedImage(file) {
        images.append((join(folder.name, file.name), file.location))
      } else {
        omissions.files[FolderWalk.ending(of: file.name), default: 0] += 1
      }
    }
    return images
  }

  /// Finds all folders, the root included. A folder may lie deeper than a stack is deep.
  private mutating func collect(_ mostHeld: Int) throws(DatasetError) {
    var unseen: [(name: String, around: [FileIdentity])] = [("", [])]
    while let (name, around) = unseen.popLast() {
      let identity = walk.tree.identity(of: path(of: name))
      // A link back to a folder we are in would never end.
      if let identity, around.contains(identity) { continue }
      let inside = around + [identity].compactMap(\.self)
      var files: [FileTreeEntry] = []
      for entry in try walk.tree.entries(of: path(of: name)) {
        guard !FolderWalk.isHidden(entry.name) else {
          omissions.addHidden(entry)
          continue
        }
        let entryName = join(name, entry.name)
        switch entry.kind {
        case .file: files.append(entry)
        case .special: omissions.special.append(entryName.escapingBytes)
        case .linkedFolder where !walk.followsLinks: omissions.links.append(entryName.escapingBytes)
        case .folder, .linkedFolder: unseen.append((entryName, inside))
        }
      }
      let isHeld = heldCount + files.count <= mostHeld
      heldCount += isHeld ? files.count : 0
      waiting.append(Folder(name: name, files: isHeld ? files : nil))
    }
  }

  private func files(in path: String) throws(DatasetError) -> [FileTreeEntry] {
    try walk.tree.entries(of: path).filter { $0.kind == .file && !FolderWalk.isHidden($0.name) }
  }

  private func path(of name: String) -> String { name.isEmpty ? root : FolderWalk.join(root, name) }

  private func join(_ folder: String, _ name: String) -> String {
    folder.isEmpty ? name : FolderWalk.join(folder, name)
  }
}
