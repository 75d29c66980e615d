import Foundation
public import Images

/// Pictures to work on, in order, each with a name and, where they come in folders by class, a label.
public struct PictureList: Hashable, Sendable {
  /// The files.
  public let paths: [String]
  /// What to call them, and their classes.
  public let rows: FeatureRows

  /// The pictures of a folder, with its classes.
  public init(_ folder: ImageFolder) {
    paths = folder.items.map(\.path)
    rows = FeatureRows(
      files: folder.items.map(\.name), labels: folder.items.compactMap(\.label), classNames: folder.classes,
      weights: folder.items.compactMap(\.weight))
  }

  /// The same pictures without their classes: Keras's `class_mode=None`.
  public var withoutClasses: PictureList { PictureList(paths: paths, rows: FeatureRows(files: rows.files)) }

  /// Files, folders and manifests, in the order they are named; no classes.
  ///
  /// One folder alone that has sub-folders with pictures is read class by class, as is one manifest alone.
  ///
  /// - Throws: `ImageError` when a folder cannot be listed or something named is not there, ``ModelZooError/noPictures(place:)`` when nothing is there.
  public init(_ arguments: [String], options: ListingOptions = ListingOptions()) throws {
    if arguments.count == 1, let folder = try Self.classes(in: arguments[0], options) {
      self.init(folder)
      return
    }
    let paths = try arguments.flatMap { argument in
      if Self.isFolder(argument) {
        return try ImageFolder(flat: argument, followsLinks: options.followsLinks).items.map(\.path)
      }
      if ImageManifest.isManifest(argument) {
        return try ImageFolder(listing: argument, options: options).items.map(\.path)
      }
      guard FileManager.default.fileExists(atPath: argument) else {
        throw ImageError.unreadable(path: argument, reason: "no such file or folder; check the path")
      }
      return [argument]
    }
    guard !paths.isEmpty else { throw ModelZooError.noPictures(place: arguments.joined(separator: ", ")) }
    self.init(paths: paths, rows: FeatureRows(files: paths))
  }

  private init(paths: [String], rows: FeatureRows) {
    self.paths = paths
    self.rows = rows
  }

  /// A folder or a manifest with pictures by class; nil for anything else.
  public static func classes(in path: String, _ options: ListingOptions) throws -> ImageFolder? {
    guard isFolder(path) || ImageManifest.isManifest(path) else { return nil }
    let folder = try ImageFolder(listing: path, options: options)
    return folder.items.isEmpty && options.classes == nil ? nil : folder
  }

  private static func isFolder(_ path: String) -> Bool {
    (try? FileManager.default.attributesOfItem(
      atPath: URL(fileURLWithPath: path).resolvingSymlinksInPath().path)[.type] as? FileAttributeType)
      == .typeDirectory
  }
}
