import Images

extension Dataset {
  /// Images that are known by their names and classes alone, as those of rows of features: none is ever read.
  package init(
    place: String, source: Source, classes: [String], unread images: [(name: String, label: Int?)]
  ) {
    self.init(
      place: place, source: source, classes: classes,
      items: images.map { Item(location: ImageLocation(unread: $0.name), name: $0.name, label: $0.label) })
  }

  /// The parts of a data set that were listed one after the other, by the folders that names begin with: for each part which of the
  /// names are in it. Nil where those folders are anything else.
  ///
  /// - Parameters:
  ///   - names: those of all images.
  ///   - classes: those of the images; folders that are classes are no parts.
  package static func parts(named names: [String], classes: [String]) -> [DatasetPart: [Int]]? {
    var folders: [String: [Int]] = [:]
    for (index, name) in names.enumerated() {
      guard let slash = name.utf8.firstIndex(of: UInt8(ascii: "/")) else { return nil }
      folders[String(name[..<slash]), default: []].append(index)
    }
    guard folders.count > 1, folders.count <= DatasetPart.allCases.count, Set(folders.keys) != Set(classes)
    else { return nil }
    let meanings = PartFolders.meanings(of: folders.keys.sorted())
    let parts = Dictionary(meanings.map { ($0.part, folders[$0.name] ?? []) }) { first, _ in first }
    return parts.count == folders.count && parts[.training] != nil ? parts : nil
  }
}
