/// Where the parts of a data set are, and how they become a split.
public struct DatasetSources: Hashable, Sendable {
  /// Where the training images are: a folder or an archive with one sub-folder per class, one with a folder for each part
  /// of a data set (``PartFolders``), a listing of one of these, or a manifest.
  public var training: String
  /// Where the validation images are; nil for a part of ``training``, or for none.
  public var validation: String?
  /// Where the test images are; nil for the test part of ``training``, if it has one.
  public var test: String?
  /// How all of them are listed; only manifests have sample weights.
  public var listing: ListingOptions
  /// The validation split to take from ``training``; nil for none.
  public var holdback: ValidationSplit?

  /// Makes the description.
  public init(
    training: String, validation: String? = nil, test: String? = nil,
    listing: ListingOptions = ListingOptions(), holdback: ValidationSplit? = nil
  ) {
    self.training = training
    self.validation = validation
    self.test = test
    self.listing = listing
    self.holdback = holdback
  }
}

extension DatasetSplit {
  /// Lists all parts, and splits off the validation part if one is requested.
  ///
  /// - Throws: ``DatasetError/twoValidations(place:)`` where a validation part is named and another is to be split off,
  ///   ``DatasetError/weightsWithoutManifest(place:column:)``, ``DatasetError/severalParts(place:part:folders:)``,
  ///   ``DatasetError/unsortedParts(place:folders:)`` and ``DatasetError/wrapped(place:inner:found:)`` for folders that are no
  ///   classes, and what listing and splitting throw.
  public init(_ sources: DatasetSources) throws(DatasetError) {
    // Nobody else has it open between the questions below.
    let archive = try FolderPlace.packed(sources.training)
    defer { withExtendedLifetime(archive) {} }
    let folders =
      Dataset.isManifest(sources.training)
      ? nil : try PartFolders(sources.training, classes: sources.listing.classes)
    let place = folders?.training ?? sources.training
    let validation = sources.validation ?? folders?.validation
    if let validation, sources.holdback != nil { throw .twoValidations(place: validation) }
    if let column = sources.listing.columns.weight, !Dataset.isManifest(place) {
      throw .weightsWithoutManifest(place: place, column: column)
    }
    let list = { (path: String) throws(DatasetError) in
      try Dataset(contentsOf: path, options: sources.listing)
    }
    let listed = try list(place)
    if sources.listing.classes == nil { try listed.refuseMisplaced() }
    let parts = listed.listedParts ?? [:]
    let whole = parts[.training] ?? listed
    if parts[.validation] != nil, validation == nil, sources.holdback != nil {
      throw .twoValidations(place: "\(place) (validation)")
    }
    let halves = try sources.holdback.map { (method) throws(DatasetError) in try DatasetSplit(whole, method) }
    var notes: [DatasetDiagnostic] = []
    if let folders {
      notes += [.parts(place: sources.training, folders: folders)] + folders.diagnostics
    }
    var test = try (sources.test ?? folders?.test).map(list) ?? parts[.test]
    // One that came with the data set may hold images of unknown classes; one that was asked for may not.
    if let found = test, sources.test == nil, found.arranged(in: whole.classes) == nil {
      notes.append(.unmeasuredTest(place: found.place, found: found.classes))
      test = nil
    }
    let split = try DatasetSplit(
      training: halves?.training ?? whole,
      validation: try validation.map(list) ?? parts[.validation] ?? halves?.validation, test: test)
    self.init(split, method: sources.holdback, notes: notes)
  }
}

extension Dataset {
  /// Refuses folders that nobody asked for as classes and that are none: parts whose images nobody sorted, and one folder
  /// around the classes.
  fileprivate func refuseMisplaced() throws(DatasetError) {
    guard source == .folder else { return }
    try refusePartsAsClasses()
    if classes.count == 1, let inner = try FolderPlace(place).walk().innerFolder(of: place) {
      throw .wrapped(place: place, inner: inner.path, found: inner.names.map(\.escapingBytes))
    }
  }
}

extension Dataset {
  /// Refuses classes that are none, but parts whose images nobody sorted.
  package func refusePartsAsClasses() throws(DatasetError) {
    let filled = Set(items.compactMap(\.label)).sorted().map { classes[$0] }
    if PartFolders.areAllParts(filled) { throw .unsortedParts(place: place, folders: filled) }
  }
}
