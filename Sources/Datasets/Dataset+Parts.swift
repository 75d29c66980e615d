import Encoding

extension Dataset {
  /// Lists all parts of a data set one after the other: training, validation and test images, each with the name of its part
  /// ahead of its own. They have classes where all parts have the same.
  ///
  /// - Throws: what listing a folder throws.
  init(_ folders: PartFolders, options: ListingOptions) throws(DatasetError) {
    var parts: [(prefix: String, images: Dataset)] = []
    for part in DatasetPart.allCases {
      guard let path = folders[part] else { continue }
      let prefix = String(path.dropFirst(folders.place.count).drop { $0 == "/" }).escapingBytes
      let images = try Dataset(
        folder: path, classes: options.classes, followsLinks: options.followsLinks)
      // A part of images that nobody sorted.
      parts.append(
        (prefix, images.items.isEmpty ? try Dataset(flat: path, followsLinks: options.followsLinks) : images))
    }
    let classes = parts[0].images.classes
    let haveClasses = parts.allSatisfy { $0.images.classes == classes }
    let notes: [DatasetDiagnostic] = haveClasses ? [] : [.partsWithoutClasses(place: folders.place)]
    self.init(
      place: folders.place, source: .folder, classes: haveClasses ? classes : [],
      items: parts.flatMap { prefix, images in
        images.items.map {
          Item(
            location: $0.location, name: FolderWalk.join(prefix, $0.name), label: haveClasses ? $0.label : nil
          )
        }
      }, diagnostics: folders.diagnostics + notes + parts.flatMap(\.images.diagnostics))
  }
}
