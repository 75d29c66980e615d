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
      files: folder.items.map(\.name), labels: folder.items.compactMap(\.label), classNames: folder.classes)
  }

  /// Files and folders, in the order they are named; no classes.
  ///
  /// One folder alone that has sub-folders with pictures is read class by class.
  ///
  /// - Throws: `ImageError` when a folder cannot be listed or something named is not there, ``ModelZooError/noPictures(place:)`` when nothing is there.
  public init(_ arguments: [String]) throws {
    if let folder = arguments.first, arguments.count == 1, Self.isFolder(folder) {
      let classes = try ImageFolder(contentsOf: folder)
      if !classes.items.isEmpty {
        self.init(classes)
        return
      }
    }
    let paths = try arguments.flatMap { argument in
      if Self.isFolder(argument) { return try ImageFolder(flat: argument).items.map(\.path) }
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

  private static func isFolder(_ path: String) -> Bool {
    (try? FileManager.default.attributesOfItem(
      atPath: URL(fileURLWithPath: path).resolvingSymlinksInPath().path)[.type] as? FileAttributeType)
      == .typeDirectory
  }
}
