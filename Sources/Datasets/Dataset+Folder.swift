extension Dataset {
  /// Lists the classes of a folder or an archive and their images, as Keras's `flow_from_directory` does.
  ///
  /// Every sub-folder is a class, in code-point order of the names (`Humans` before `cats`); empty ones are classes, too, as in
  /// Keras. In a class, files come before sub-folders' files. Hidden files and folders, and those that a system keeps for
  /// itself (`__MACOSX`), are left out, as Keras's `image_dataset_from_directory` leaves out hidden folders; files are taken for
  /// images by their ending, those without one by their contents. ``diagnostics`` says what was left out. Names that are not
  /// UTF-8 are read as they are and shown with `\xB9` for each byte that is no character.
  ///
  /// In an archive without folders the classes are those that stand beside the images, as in the shards of a WebDataset:
  /// `000001.cls`, or `000001.json` with a member `label`, `cls` or `class`, for `000001.jpg`. They have the same order as those of folders.
  ///
  /// - Parameters:
  ///   - path: the folder; or a zip or tar archive, or a folder in one, `photos.zip/train`. The file's first bytes say what it
  ///     is. Where one folder is around all others, that folder is meant.
  ///   - wanted: the sub-folders to take, in the order of their labels; nil for all of them.
  ///   - followsLinks: whether sub-folders of a class that are symbolic links are entered. Links to
  ///     files, and a class that is itself a link, are always followed; those that are not are named in
  ///     ``diagnostics``.
  ///   - allowsMissingClasses: whether some of the classes asked for may have no sub-folder, and then no images.
  /// - Throws: ``DatasetError/notAFolder(path:)``, ``DatasetError/unlistable(path:reason:)``, ``DatasetError/archive(_:)``,
  ///   ``DatasetError/missingClass(place:name:found:)`` and ``DatasetError/repeatedClass(name:)`` for classes that
  ///   are not there, where Keras goes on without images, and ``DatasetError/wrapped(place:inner:found:)`` where they are one
  ///   folder further in.
  public init(
    folder path: String, classes wanted: [String]? = nil, followsLinks: Bool = false,
    allowsMissingClasses: Bool = false
  ) throws(DatasetError) {
    try self.init(
      FolderImages(
        byClass: path, classes: wanted, followsLinks: followsLinks, mayMiss: allowsMissingClasses))
  }

  /// Lists all images below a folder, or in an archive, without asking for classes.
  ///
  /// - Throws: ``DatasetError/notAFolder(path:)``, ``DatasetError/unlistable(path:reason:)``, ``DatasetError/archive(_:)``.
  public init(flat path: String, followsLinks: Bool = false) throws(DatasetError) {
    try self.init(FolderImages(flat: path, followsLinks: followsLinks))
  }
}
