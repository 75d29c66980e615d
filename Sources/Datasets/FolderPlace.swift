import Files

/// A folder that is to be listed, and the tree that it is in.
struct FolderPlace: Sendable {
  let path: String
  let tree: any FileTree

  /// The folder at `path`; nothing is listed yet.
  init(_ path: String) { (self.path, tree) = (path, DiskTree()) }

  /// A walk through it.
  func walk(followsLinks: Bool = false) -> FolderWalk { FolderWalk(tree: tree, followsLinks: followsLinks) }
}
