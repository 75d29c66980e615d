import Foundation

/// How pictures and classes are found: the arguments of Keras's `flow_from_directory` and `flow_from_dataframe`
/// that say so.
public struct ListingOptions: Hashable, Sendable {
  /// The classes to take, in the order of their labels; nil for all that are there.
  public var classes: [String]?
  /// Whether links to folders inside a class are entered.
  public var followsLinks: Bool
  /// Which columns of a manifest count.
  public var columns: ImageManifest.Columns
  /// Where a manifest's files are; nil for the manifest's own folder.
  public var directory: String?

  /// Keras's defaults.
  public init(
    classes: [String]? = nil, followsLinks: Bool = false,
    columns: ImageManifest.Columns = ImageManifest.Columns(), directory: String? = nil
  ) {
    self.classes = classes
    self.followsLinks = followsLinks
    self.columns = columns
    self.directory = directory
  }
}

extension ImageFolder {
  /// Lists a folder with a sub-folder a class, or what a manifest names.
  public init(listing path: String, options: ListingOptions) throws(ImageError) {
    guard ImageManifest.isManifest(path), !FileKind.isFolder(path) else {
      try self.init(contentsOf: path, classes: options.classes, followsLinks: options.followsLinks)
      return
    }
    self = try ImageManifest(
      contentsOf: path, columns: options.columns, directory: options.directory, classes: options.classes
    ).folder
  }
}

/// A folder whose sub-folders are no classes but the parts of a data set: `train`, `val`, `test`.
public struct PremadeFolders: Hashable, Sendable {
  /// What to learn from.
  public let training: String
  /// What to judge by while learning; nil where there is none.
  public let validation: String?
  /// What to judge by at the end; nil where there is none.
  public let test: String?

  /// The parts of the folder at `path`; nil when its sub-folders are anything else, or have no sub-folders.
  public init?(_ path: String) {
    guard let names = try? FolderWalk(followsLinks: false).subfolders(of: path), !names.isEmpty else {
      return nil
    }
    var parts: [Part: String] = [:]
    for name in names where !name.hasPrefix(".") {
      guard let part = Part.allCases.first(where: { $0.names.contains(name.lowercased()) }),
        parts.updateValue(FolderWalk.join(path, name), forKey: part) == nil
      else { return nil }
    }
    guard let training = parts[.training], parts.count > 1, Self.hasClasses(training) else { return nil }
    (self.training, validation, test) = (training, parts[.validation], parts[.test])
  }

  private enum Part: CaseIterable {
    case training, validation, test

    var names: [String] {
      switch self {
      case .training: ["train", "training"]
      case .validation: ["val", "valid", "validation"]
      case .test: ["test", "testing"]
      }
    }
  }

  private static func hasClasses(_ path: String) -> Bool {
    let names = try? FolderWalk(followsLinks: false).subfolders(of: path)
    return names.map { !$0.isEmpty } ?? false
  }
}
