import Encoding
import Files
import Images

/// How images and classes are found: arguments of Keras's `flow_from_directory` and `flow_from_dataframe`.
public struct ListingOptions: Hashable, Sendable {
  /// The classes to take, in the order of their labels; nil for all that are there.
  public var classes: [String]?
  /// Whether some of ``classes``, such as those of a model, may be absent; images of others are then left out. Both is said.
  public var allowsMissingClasses = false
  /// The order of the classes, such as that of a model, for those that are these; others keep their own. Nil for no other order.
  public var order: [String]?
  /// Whether symbolic links to folders inside a class are followed.
  public var followsLinks: Bool
  /// The names of a manifest's columns.
  public var columns: ManifestColumns
  /// Where a manifest's files are, a folder or an archive; nil for the manifest's own folder.
  public var directory: String?

  /// Keras's defaults.
  public init(
    classes: [String]? = nil, followsLinks: Bool = false, columns: ManifestColumns = ManifestColumns(),
    directory: String? = nil
  ) {
    self.classes = classes
    self.followsLinks = followsLinks
    self.columns = columns
    self.directory = directory
  }
}

extension Dataset {
  /// Lists a folder or an archive with one sub-folder per class, or the images of a manifest; what it is, the file's first bytes
  /// say, and of a manifest its name. `data/{000000..000999}.tar` is many archives whose images have their classes beside them.
  ///
  /// - Throws: ``DatasetError``; see `init(folder:classes:followsLinks:allowsMissingClasses:)` and
  ///   ``init(manifest:columns:directory:classes:allowsMissingClasses:)``.
  public init(contentsOf path: String, options: ListingOptions = ListingOptions()) throws(DatasetError) {
    try self.init(unarranged: path, options: options)
    if let order = options.order, let arranged = arranged(in: order) { self = arranged }
  }

  private init(unarranged path: String, options: ListingOptions) throws(DatasetError) {
    if let names = try BracePattern.names(of: path) {
      for name in names { _ = try Self.location(of: name) }
      var labelled = options
      labelled.columns.label = ManifestColumns().label
      let dataset = try Dataset(archives: names, called: path, labelled)
      guard let dataset, !dataset.classes.isEmpty else {
        var first = names.first
        if dataset == nil {
          for name in names.reversed() where try !FolderPlace.isArchive(name) { first = name }
        }
        throw .unlabelledArchive(pattern: path, name: first ?? path)
      }
      self = dataset
      return
    }
    guard try ListedPlace(path) == .manifest else {
      try self.init(
        folder: path, classes: options.classes, followsLinks: options.followsLinks,
        allowsMissingClasses: options.allowsMissingClasses)
      return
    }
    try self.init(
      manifest: path, columns: options.columns, directory: options.directory, classes: options.classes,
      allowsMissingClasses: options.allowsMissingClasses)
  }

  /// Files, folders, archives and manifests, in the order they are named; no classes.
  ///
  /// An archive is a folder here, and `data/{000000..000999}.tar` are a thousand. Several archives whose images have their classes
  /// beside them, as the shards of a WebDataset, are one data set with these classes, unless no column of classes is asked for; all of
  /// them have classes then, or none. One folder alone that has sub-folders with images, and none beside them, is read class by
  /// class, as is one manifest alone; of one with a folder for each part of a data set (``PartFolders``), part by part. A
  /// manifest need not have a column of classes unless one is named. The images of one
  /// folder alone are called as they are inside it, those of several as they were named.
  ///
  /// - Throws: ``DatasetError/unreadable(path:reason:)`` for something that is not there,
  ///   ``DatasetError/noImages(place:)`` when nothing is left, and what listing a folder or a manifest throws.
  public init(images names: [String], options: ListingOptions = ListingOptions()) throws(DatasetError) {
    try self.init(ImageStream(of: names, options))
  }

  /// All images, in memory.
  init(_ stream: ImageStream) throws(DatasetError) {
    var stream = stream
    var items: [Item] = []
    while let next = try stream.next() { items += next }
    self.init(
      place: stream.place, source: stream.source, classes: stream.classes, items: items,
      diagnostics: stream.diagnostics)
  }

  /// A folder or a manifest; a manifest without the usual column of classes has none.
  static func listing(_ path: String, _ options: ListingOptions) throws(DatasetError) -> Dataset {
    do throws(DatasetError) {
      return try Dataset(contentsOf: path, options: options)
    } catch {
      guard case .missingColumn(_, let name, let found) = error, name == options.columns.label,
        name == ManifestColumns().label, options.classes == nil
      else { throw error }
      var options = options
      options.columns.label = nil
      let dataset = try Dataset(contentsOf: path, options: options)
      let note = DatasetDiagnostic.noClasses(place: path, column: name, found: found)
      return dataset.keeping(Array(dataset.items.indices), diagnostics: dataset.diagnostics + [note])
    }
  }

  /// Where a file is that was named by itself.
  static func location(of path: String) throws(DatasetError) -> ImageLocation {
    let location: ImageLocation
    do throws(FileError) { location = try ImageLocation(resolving: path) } catch {
      if case .unreadable(_, let reason) = error { throw .unreadable(path: path, reason: reason) }
      throw .archive(error)
    }
    if location.archive == nil, FileIdentity(path) == nil, let error = SystemError.opening(path) {
      throw .unreadable(path: path, reason: error.reasonForReaders(of: path))
    }
    return location
  }
}
