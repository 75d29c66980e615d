extension Dataset {
  /// The parts of a data set that was in folders `train`, `val` and `test` when it was listed; nil for anything but the listing of one.
  ///
  /// Each has the images of its folder, in the same order, with all classes; the folder is ahead of their names. What is known of
  /// the listing, and how many images each part has, is in ``diagnostics`` of the training part.
  ///
  /// - Complexity: O(*n*).
  public var listedParts: [DatasetPart: Dataset]? {
    // No other manifest comes of a folder.
    guard source == .folder, Dataset.isManifest(place),
      let parts = Self.parts(named: items.map(\.name), classes: classes)
    else { return nil }
    let note = DatasetDiagnostic.listedParts(place: place, counts: parts.mapValues(\.count))
    return Dictionary(
      uniqueKeysWithValues: parts.map { part, images in
        (part, keeping(images, diagnostics: part == .training ? diagnostics + [note] : []))
      })
  }
}
