import Encoding
import Files

/// A folder that is to be listed, and the tree that it is in.
struct FolderPlace: Sendable {
  let path: String
  let tree: any FileTree
  /// What one should know of where it is.
  let diagnostics: [DatasetDiagnostic]

  /// The folder at `path`, which may be an archive or lead into one; nothing is listed yet.
  ///
  /// Where there is nothing but one folder around several others, that folder is meant: in an archive, and in the folder that it
  /// was unpacked to.
  ///
  /// - Parameters:
  ///   - path: the folder.
  ///   - classes: the classes that are asked for: a folder of such a name is around nothing.
  ///   - isExact: whether the place itself is meant, whatever is in it.
  /// - Throws: ``DatasetError/archive(_:)`` for an archive that cannot be read in place.
  init(_ path: String, classes: [String]? = nil, isExact: Bool = false) throws(DatasetError) {
    guard let found = try Self.packed(path) else {
      if let refusal = PackedFiles.refusal(of: path) { throw .archive(refusal) }
      self.init(entering: path, DiskTree(), classes, isExact)
      return
    }
    let archive = found.archive.path
    self.init(
      entering: found.inside.isEmpty ? archive : FolderWalk.join(archive, found.inside),
      PackedTree(archive: found.archive), classes, isExact)
  }

  private init(entering path: String, _ tree: any FileTree, _ classes: [String]?, _ isExact: Bool) {
    guard !isExact, let inner = Self.innerFolder(path, tree, classes ?? []) else {
      self.init(path, tree)
      return
    }
    self.init(
      inner.path, tree,
      [.entered(place: path, folder: inner.path.escapingBytes)] + inner.omissions.diagnostics(of: path))
  }

  private init(_ path: String, _ tree: any FileTree, _ diagnostics: [DatasetDiagnostic] = []) {
    (self.path, self.tree, self.diagnostics) = (path, tree, diagnostics)
  }

  /// A walk through it.
  func walk(followsLinks: Bool = false) -> FolderWalk { FolderWalk(tree: tree, followsLinks: followsLinks) }

  /// The archive that `path` names or leads into; nil for any other place, and for an image that cannot be read, as reading it says.
  static func packed(_ path: String) throws(DatasetError) -> (archive: PackedFiles, inside: String)? {
    guard !FileFacts.isFolder(path) else { return nil }
    do throws(FileError) { return try PackedFiles.find(path) } catch {
      if Dataset.isImage(path), error.isOfSystem { return nil }
      throw .archive(error)
    }
  }

  /// Whether the file at `path` is an archive.
  ///
  /// - Throws: for one that may be one and cannot be read; an image that cannot be read is none.
  static func isArchive(_ path: String) throws(DatasetError) -> Bool {
    do throws(FileError) { return try PackedFiles.isArchive(path) } catch {
      if Dataset.isImage(path) { return false }
      throw .archive(error)
    }
  }

  /// The folder around the others that a place consists of, and what else is ahead of it; nil where there is none.
  private static func innerFolder(
    _ outer: String, _ tree: any FileTree, _ classes: [String]
  ) -> (path: String, omissions: Omissions)? {
    let walk = FolderWalk(tree: tree, followsLinks: false)
    var (place, omissions) = (outer, Omissions())
    for _ in 0..<FolderWalk.deepestInnerFolder {
      guard let found = try? walk.subfolders(of: place) else { return nil }
      guard let first = found.shown.first else {
        let areSamples = (try? tree.entries(of: place)).map(LabelledSamples.areAmong) ?? false
        return place != outer && areSamples ? (place, omissions) : nil
      }
      if found.shown.count > 1 || classes.contains(first.escapingBytes) { break }
      guard found.images.isEmpty else { return nil }
      omissions.add(found.omissions)
      place = FolderWalk.join(place, first)
    }
    return place == outer ? nil : (place, omissions)
  }
}

/// What a name leads to that images are asked for by.
enum ListedPlace {
  /// A folder, an archive, or a folder in one.
  case folder
  case manifest
  /// Any other file, perhaps an image.
  case file

  /// - Throws: ``DatasetError/archive(_:)`` for an archive that cannot be read in place.
  init(_ path: String) throws(DatasetError) {
    let isArchive = try FolderPlace.isArchive(path)
    if FileFacts.isFolder(path) || isArchive {
      self = .folder
    } else if let found = try FolderPlace.packed(path), found.archive.hasFolder(found.inside) {
      self = .folder
    } else if Dataset.manifestKind(of: path) != nil {
      self = .manifest
    } else {
      if Self.isNamedAsPacked(path), let refusal = PackedFiles.refusal(of: path) { throw .archive(refusal) }
      self = .file
    }
  }

  /// Whether a name ends as those of archives do that were packed as a whole: `.tar.gz`.
  private static func isNamedAsPacked(_ path: String) -> Bool {
    let name = path.lowercased()
    return name.hasSuffix(".tgz") || name.contains(".tar.")
  }
}
