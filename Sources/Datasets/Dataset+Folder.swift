import Encoding

extension Dataset {
  /// Lists the classes of a folder and their images, as Keras's `flow_from_directory` does.
  ///
  /// Every sub-folder is a class, in code-point order of the names (`Humans` before `cats`); empty ones are classes, too, as in
  /// Keras. In a class, files come before sub-folders' files. Hidden files and folders, and those that a system keeps for
  /// itself (`__MACOSX`), are left out, as Keras's `image_dataset_from_directory` leaves out hidden folders; files are taken for
  /// images by their ending, those without one by their contents. ``diagnostics`` says what was left out. Names that are not
  /// UTF-8 are read as they are and shown with `\xB9` for each byte that is no character.
  ///
  /// - Parameters:
  ///   - path: the folder.
  ///   - wanted: the sub-folders to take, in the order of their labels; nil for all of them.
  ///   - followsLinks: whether sub-folders of a class that are symbolic links are entered. Links to
  ///     files, and a class that is itself a link, are always followed; those that are not are named in
  ///     ``diagnostics``.
  ///   - allowsMissingClasses: whether some of the classes asked for may have no sub-folder, and then no images.
  /// - Throws: ``DatasetError/notAFolder(path:)``, ``DatasetError/unlistable(path:reason:)``,
  ///   ``DatasetError/missingClass(place:name:found:)`` and ``DatasetError/repeatedClass(name:)`` for classes that
  ///   are not there, where Keras goes on without images, and ``DatasetError/wrapped(place:inner:found:)`` where they are one
  ///   folder further in.
  public init(
    folder path: String, classes wanted: [String]? = nil, followsLinks: Bool = false,
    allowsMissingClasses: Bool = false
  ) throws(DatasetError) {
    var items: [Item] = []
    let walk = FolderPlace(path).walk(followsLinks: followsLinks)
    let (found, hidden, strays) = try walk.subfolders(of: path)
    var omissions = Omissions()
    // Classes and images are called by what people are shown; files are opened by what they are called.
    let folders = Dictionary((found + hidden).map { ($0.escapingBytes, $0) }) { first, _ in first }
    let (shown, isHidden) = (found.map(\.escapingBytes), Set(hidden.map(\.escapingBytes)))
    omissions.hiddenFolders = isHidden.subtracting(wanted ?? [])
    let classes = wanted ?? shown
    if let wanted, shown.count == 1, !wanted.contains(shown[0]), let inner = walk.innerFolder(of: path),
      !Set(wanted).isDisjoint(with: inner.names.map(\.escapingBytes))
    {
      throw .wrapped(place: path, inner: inner.path, found: inner.names.map(\.escapingBytes))
    }
    let notes = try Self.check(
      classes: classes, among: shown + isHidden.filter { wanted?.contains($0) == true }, of: path,
      mayMiss: allowsMissingClasses)
    for (label, name) in classes.enumerated() {
      guard let folder = folders[name] else { continue }
      let contents = try walk.contents(below: FolderWalk.join(path, folder))
      omissions.add(contents.omissions.inside(name))
      items += contents.images.map {
        Item(
          location: $0.location, name: FolderWalk.join(name, $0.name.escapingBytes), label: label)
      }
    }
    let named: [DatasetDiagnostic] = wanted == nil ? DatasetDiagnostic.partNames(classes, in: path) : []
    self.init(
      place: path, source: .folder, classes: classes, items: items,
      diagnostics: notes + named + omissions.diagnostics(of: path) + DatasetDiagnostic.stray(strays, in: path)
    )
  }

  /// Lists all images below a folder without asking for classes.
  ///
  /// - Throws: ``DatasetError/notAFolder(path:)``, ``DatasetError/unlistable(path:reason:)``.
  public init(flat path: String, followsLinks: Bool = false) throws(DatasetError) {
    let contents = try FolderPlace(path).walk(followsLinks: followsLinks).contents(below: path)
    let items = contents.images.map { Item(location: $0.location, name: $0.name.escapingBytes, label: nil) }
    self.init(
      place: path, source: .folder, items: items, diagnostics: contents.omissions.diagnostics(of: path))
  }
}
