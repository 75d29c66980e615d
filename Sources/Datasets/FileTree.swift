import Files
import Images

/// Folders and files in them, wherever they are: what a listing walks through.
protocol FileTree: Sendable {
  /// What is directly in the folder at `path`, in code-point order of the names.
  ///
  /// - Throws: ``DatasetError`` for what is not there, is no folder, or cannot be listed.
  func entries(of path: String) throws(DatasetError) -> [FileTreeEntry]

  /// Which folder it is, whatever it is called; nil where no folder can be met inside itself.
  func identity(of path: String) -> FileIdentity?

  /// Where the file at `path` is; nil where no file is.
  func location(of path: String) -> ImageLocation?
}

/// What is directly in a folder.
struct FileTreeEntry: Sendable {
  enum Kind: Sendable {
    case file, folder
    /// A link to a folder.
    case linkedFolder
    /// What an archive has that is neither: a link, a device, a sparse file.
    case special
  }

  let name: String
  let kind: Kind
  let location: ImageLocation

  var isFolder: Bool { kind == .folder || kind == .linkedFolder }
}
