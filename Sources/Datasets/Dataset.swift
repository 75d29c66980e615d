import Encoding
public import Images

/// Images and their classes, listed once: those of a folder, of a manifest, or files that were named one by one.
///
/// Only names are read here; the content of a file is checked when it is decoded.
///
/// ```swift
/// let dataset = try Dataset(folder: "photographs")
/// let split = try dataset.split(validation: 0.2, seed: 7)
/// ```
public struct Dataset: Hashable, Sendable {
  /// One listed image.
  public struct Item: Hashable, Sendable {
    /// Where it is.
    public let location: ImageLocation
    /// Its name: the path inside the folder, as Keras's `filenames` has it (`cats/im1.jpg`), the name a
    /// manifest has for it, or the file as it was named.
    public let name: String
    /// The index of its class in ``Dataset/classes``; nil without classes.
    public let label: Int?
    /// The sample weight of the image, 0 or more, from a manifest's column; nil without one.
    public let weight: Float?
    /// What the file was when it was listed, where a listing says it; a file that is another is an image that cannot be read.
    public let fingerprint: ImageFingerprint?

    /// The file, below the place as it was given.
    public var path: String { location.path }

    init(
      location: ImageLocation, name: String, label: Int?, weight: Float? = nil,
      fingerprint: ImageFingerprint? = nil
    ) {
      (self.location, self.name, self.label) = (location, name, label)
      (self.weight, self.fingerprint) = (weight, fingerprint)
    }

    /// The same image of another class, or under another name.
    func labelled(_ label: Int?, name: String? = nil) -> Item {
      Item(
        location: location, name: name ?? self.name, label: label, weight: weight, fingerprint: fingerprint)
    }
  }

  /// Where the list comes from.
  public enum Source: String, Hashable, Sendable, Codable {
    /// A folder or an archive with one sub-folder per class, or one that was listed without classes.
    case folder
    /// A file that lists images, in its own order.
    case manifest
    /// Files, folders and manifests, one after the other.
    case files
  }

  /// The file endings that are images for Keras, and `webp`, compared without regard to case and, as in Keras, without a dot.
  public static let endings = ["png", "jpg", "jpeg", "bmp", "ppm", "tif", "tiff", "webp"]

  /// The folder or the manifest as it was given, of an archive with one folder around all others that folder; of several files, their names with commas between.
  public let place: String
  /// What ``place`` is.
  public let source: Source
  /// The class names; the index is the label. Empty without classes.
  public let classes: [String]
  /// The images in the order of their rows: class by class in a folder, row by row in a manifest.
  public let items: [Item]
  /// Notes and warnings of the listing, such as what was left out and why.
  public let diagnostics: [DatasetDiagnostic]

  init(
    place: String, source: Source, classes: [String] = [], items: [Item],
    diagnostics: [DatasetDiagnostic] = []
  ) {
    (self.place, self.source, self.classes) = (place, source, classes)
    (self.items, self.diagnostics) = (items, diagnostics)
  }

  /// The files, in the order of the items; those in archives as `photos.zip/cats/im1.jpg`.
  ///
  /// - Complexity: O(*n*).
  public var paths: [String] { items.map(\.path) }

  /// The files of the disk that are read, in the order of the items; an archive once, however many images are in it.
  ///
  /// - Complexity: O(*n*).
  public var files: [String] {
    var archives: Set<String> = []
    return items.compactMap { item in
      guard let archive = item.location.archive else { return item.path }
      return archives.insert(archive).inserted ? archive : nil
    }
  }

  /// Keras's `class_indices`; of two names that differ only in how Unicode writes the same characters, the first is in it.
  public var classIndices: [String: Int] {
    Dictionary(classes.enumerated().map { ($0.element, $0.offset) }) { first, _ in first }
  }

  /// Keras's line, but for its grammar where there is one: `Found 808 images belonging to 4 classes.`
  public var foundLine: String {
    "Found \(counted(items.count, "image")) belonging to \(classes.count == 1 ? "1 class" : "\(classes.count) classes")."
  }

  /// The same images without their classes: Keras's `class_mode=None`.
  public var withoutClasses: Dataset {
    Dataset(
      place: place, source: source,
      items: items.map { $0.labelled(nil) },
      diagnostics: diagnostics)
  }

  /// The same images with their classes in another order, such as that of a model, by their names; nil for other classes.
  ///
  /// The images of a folder are class by class, as ever; those of a manifest stay in the order of its rows. That the order is
  /// another is in ``diagnostics``.
  ///
  /// - Complexity: O(*n*).
  public func arranged(in names: [String]) -> Dataset? {
    let labels = NamedValues(names.enumerated().map { (name: $0.element, value: $0.offset) })
    let places = classes.compactMap { labels[$0] }
    guard names.count == classes.count, Set(places).count == names.count else { return nil }
    guard places != Array(classes.indices) else { return self }
    var arranged = items.map { item in item.labelled(item.label.map { places[$0] }) }
    if source == .folder {
      let members = Dictionary(grouping: arranged) { $0.label ?? 0 }
      arranged = names.indices.flatMap { members[$0] ?? [] }
    }
    return Dataset(
      place: place, source: source, classes: names, items: arranged,
      diagnostics: diagnostics + [.arranged(place: place, found: classes, names: names)])
  }

  /// The images at `indices`, in that order, of the same classes.
  package func keeping(_ indices: [Int], diagnostics: [DatasetDiagnostic] = []) -> Dataset {
    Dataset(
      place: place, source: source, classes: classes, items: indices.map { items[$0] },
      diagnostics: diagnostics)
  }

  /// Names of classes, each once, in the order in which those of folders, archives and manifests are: Keras's, by code points. Two names are
  /// one where their bytes are.
  package static func classOrder(of names: some Sequence<String>) -> [String] {
    Set(names.map { Array($0.utf8) }).map { String(decoding: $0, as: UTF8.self) }
      .sorted(by: FileName.precedes)
  }

  static func isImage(_ name: String) -> Bool {
    let bytes = name.utf8.suffix(longestEnding)
    return endingBytes.contains { ending in
      bytes.count >= ending.count && zip(bytes.suffix(ending.count), ending).allSatisfy { $0 | 0x20 == $1 }
    }
  }

  /// All are small letters.
  private static let endingBytes = endings.map { Array($0.utf8) }
  private static let longestEnding = endingBytes.map(\.count).max() ?? 0

  /// Refuses classes that are asked for and are not there, or are named twice; says which ones of a model are not.
  static func check(
    classes wanted: [String], among found: [String], of place: String, mayMiss: Bool
  ) throws(DatasetError) -> [DatasetDiagnostic] {
    let all = NamedValues(found.map { (name: $0, value: $0) })
    var (taken, missed): (Set<[UInt8]>, Set<String>) = ([], [])
    for name in wanted {
      let isNew = all[name].map { taken.insert(Array($0.utf8)).inserted } ?? missed.insert(name).inserted
      guard isNew else { throw .repeatedClass(name: name) }
    }
    let missing = wanted.filter { all[$0] == nil }
    if let name = missing.first, !mayMiss || missing.count == wanted.count {
      throw .missingClass(place: place, name: name, found: found)
    }
    guard mayMiss else { return [] }
    let others = found.filter { !taken.contains(Array($0.utf8)) }
    return (missing.isEmpty ? [] : [.absentClasses(place: place, names: missing, count: wanted.count)])
      + (others.isEmpty ? [] : [.strangeClasses(place: place, names: others)])
  }
}

/// Values by their names, which are told apart by their bytes. A name that none has byte for byte is found by its characters:
/// systems write an `é` as one scalar or as two.
struct NamedValues<Value> {
  private var byBytes: [[UInt8]: Value] = [:]
  private var byCharacters: [String: Value] = [:]

  /// Of two of one name the first counts.
  init(_ named: some Sequence<(name: String, value: Value)>) {
    for (name, value) in named {
      let bytes = Array(name.utf8)
      if byBytes[bytes] == nil { byBytes[bytes] = value }
      if byCharacters[name] == nil { byCharacters[name] = value }
    }
  }

  subscript(name: String) -> Value? { byBytes[Array(name.utf8)] ?? byCharacters[name] }
}
