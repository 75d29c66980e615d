import Encoding
import Files
import Images

/// Several archives of images in their order, such as the shards of a WebDataset, of which some are read without a look at the others.
///
/// ```swift
/// let archives = try ArchiveList(["data/{000000..000999}.tar"])
/// let images = try archives.dataset(0..<10)
/// ```
public struct ArchiveList: Hashable, Sendable {
  /// The archives as they were named, of patterns with braces each by itself.
  public let paths: [String]
  /// Whether the images have the classes that stand beside them, where there are some.
  public let keepsClasses: Bool

  /// Lists names; nothing is opened.
  ///
  /// - Parameters:
  ///   - names: the archives, one by one or as patterns such as `data/{000000..000999}.tar`.
  ///   - keepsClasses: whether classes are read.
  /// - Throws: ``DatasetError/notSeveralArchives(place:count:)`` for fewer than two, and what is wrong with a pattern.
  public init(_ names: [String], keepsClasses: Bool = true) throws(DatasetError) {
    var paths: [String] = []
    for name in names { paths += try BracePattern.names(of: name) ?? [name] }
    guard paths.count > 1 else {
      throw .notSeveralArchives(place: names.joined(separator: ", "), count: paths.count)
    }
    (self.paths, self.keepsClasses) = (paths, keepsClasses)
  }

  /// The images of the archives at some places, as they are in a data set of all; no other archive is opened.
  ///
  /// The classes are those of these images alone. There may be no images.
  ///
  /// - Parameter places: of the archives, from 0; all are in ``paths``.
  /// - Throws: ``DatasetError/notAnArchive(path:)``, ``DatasetError/partlyLabelled(place:labelled:unlabelled:count:)``, and what listing
  ///   an archive throws.
  public func dataset(_ places: Range<Int>) throws(DatasetError) -> Dataset {
    let own = Array(paths[places])
    for path in own {
      _ = try Dataset.location(of: path)
      if let refusal = PackedFiles.refusal(of: path) { throw .archive(refusal) }
    }
    var options = ListingOptions()
    if !keepsClasses { options.columns.label = nil }
    for path in own where try !FolderPlace.isArchive(path) { throw .notAnArchive(path: path) }
    let place = DatasetError.list(own, atMost: 3)
    guard let dataset = try Dataset(archives: own, called: place, options) else {
      throw .notAnArchive(path: place)
    }
    return dataset
  }
}

extension Dataset {
  /// Lists the images of several archives as one data set, with the classes beside them where all archives have them and they are asked
  /// for; nil where something is no archive.
  ///
  /// - Throws: ``DatasetError/partlyLabelled(place:labelled:unlabelled:count:)`` where some archives with images have classes and others
  ///   have none.
  init?(archives paths: [String], called place: String, _ options: ListingOptions) throws(DatasetError) {
    var images: [LabelledSamples.Image] = []
    var (notes, omissions): ([DatasetDiagnostic], Omissions) = ([], Omissions())
    var (labelled, unlabelled): ([String], [String]) = ([], [])
    for path in paths {
      guard try FolderPlace.isArchive(path) else { return nil }
      let folder = try FolderPlace(path)
      let samples = try LabelledSamples(anyIn: folder, readsLabels: options.columns.label != nil)
      images += samples.images.map { ($0.location.path, $0.location, $0.label) }
      omissions.add(samples.omissions)
      if samples.isLabelled {
        labelled.append(path)
      } else if !samples.images.isEmpty {
        unlabelled.append(path)
        notes += folder.diagnostics
      }
    }
    if let first = labelled.first, let other = unlabelled.first {
      throw .partlyLabelled(place: place, labelled: first, unlabelled: other, count: unlabelled.count)
    }
    guard labelled.isEmpty else {
      try self.init(
        images, of: place, .files, ([], omissions), classes: options.classes,
        mayMiss: options.allowsMissingClasses)
      return
    }
    if let wanted = options.classes {
      _ = try Self.check(classes: wanted, among: [], of: place, mayMiss: options.allowsMissingClasses)
    }
    self.init(
      place: place, source: .files,
      items: images.map { Item(location: $0.location, name: $0.name.escapingBytes, label: nil) },
      diagnostics: notes + omissions.diagnostics(of: place))
  }
}
