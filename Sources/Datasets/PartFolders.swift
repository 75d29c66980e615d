/// A folder whose sub-folders are no classes but the parts of a data set: `train`, `val`, `test`.
public struct PartFolders: Hashable, Sendable {
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
    var parts: [DatasetPart: String] = [:]
    for name in names where !name.hasPrefix(".") {
      guard let part = DatasetPart.allCases.first(where: { $0.folderNames.contains(name.lowercased()) }),
        parts.updateValue(FolderWalk.join(path, name), forKey: part) == nil
      else { return nil }
    }
    guard let training = parts[.training], parts.count > 1, Self.hasClasses(training) else { return nil }
    (self.training, validation, test) = (training, parts[.validation], parts[.test])
  }

  private static func hasClasses(_ path: String) -> Bool {
    let names = try? FolderWalk(followsLinks: false).subfolders(of: path)
    return names.map { !$0.isEmpty } ?? false
  }
}

extension DatasetPart {
  fileprivate var folderNames: [String] {
    switch self {
    case .training: ["train", "training"]
    case .validation: ["val", "valid", "validation"]
    case .test: ["test", "testing"]
    }
  }
}
