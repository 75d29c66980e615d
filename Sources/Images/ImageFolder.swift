/// A folder of pictures, class by class, listed as Keras's `flow_from_directory` lists it.
///
/// Every sub-folder is a class, in code-point order of the names (`Humans` before `cats`); hidden folders and
/// empty ones are classes, too, as in Keras. A manifest lists pictures as well: ``ImageManifest``. Only names are looked at here; what is inside a file shows when it
/// is decoded.
public struct ImageFolder: Hashable, Sendable {
  /// One listed picture.
  public struct Item: Hashable, Sendable {
    /// The file, below the folder as it was given.
    public let path: String
    /// The path inside the folder, as Keras's `filenames` has it: `cats/im1.jpg`.
    public let name: String
    /// The index of its class in ``ImageFolder/classes``; nil in a folder listed flat.
    public let label: Int?
    /// How much the picture counts, 0 or more: what a manifest's column says; nil without one.
    public let weight: Float?

    init(path: String, name: String, label: Int?, weight: Float? = nil) {
      (self.path, self.name, self.label, self.weight) = (path, name, label, weight)
    }
  }

  /// The endings Keras takes for pictures, compared without regard to case and, as in Keras, without a dot.
  public static let endings = ["png", "jpg", "jpeg", "bmp", "ppm", "tif", "tiff"]

  /// The folder as it was given.
  public let path: String
  /// The class names; the index is the label. Empty in a folder listed flat.
  public let classes: [String]
  /// The pictures, class by class; in a class, files before sub-folders' files.
  public let items: [Item]
  /// Whether a manifest listed the pictures, in an order of its own.
  let isManifest: Bool

  /// Lists the classes of a folder and their pictures.
  ///
  /// - Parameters:
  ///   - path: the folder.
  ///   - wanted: the sub-folders to take, in the order of their labels; nil for all of them.
  ///   - followsLinks: whether sub-folders of a class that are symbolic links are entered. Links to
  ///     files, and a class that is itself a link, are always followed.
  /// - Throws: ``ImageError/notAFolder(path:)``, ``ImageError/unlistable(path:reason:)``,
  ///   ``ImageError/missingClass(path:name:found:)`` and ``ImageError/repeatedClass(name:)`` for classes that are not
  ///   there, where Keras goes on without pictures.
  public init(
    contentsOf path: String, classes wanted: [String]? = nil, followsLinks: Bool = false
  ) throws(ImageError) {
    var items: [Item] = []
    let walk = FolderWalk(followsLinks: followsLinks)
    let found = try walk.subfolders(of: path)
    let classes =
      try wanted.map { (names) throws(ImageError) in
        try Self.check(classes: names, among: found, of: path)
      } ?? found
    for (label, name) in classes.enumerated() {
      items += try walk.files(below: FolderWalk.join(path, name))
        .filter(Self.isPicture)
        .map { Item(path: FolderWalk.join(path, name, $0), name: FolderWalk.join(name, $0), label: label) }
    }
    self.init(path: path, classes: classes, items: items)
  }

  /// Lists all pictures below a folder without asking for classes.
  public init(flat path: String, followsLinks: Bool = false) throws(ImageError) {
    let items = try FolderWalk(followsLinks: followsLinks).files(below: path)
      .filter(Self.isPicture)
      .map { Item(path: FolderWalk.join(path, $0), name: $0, label: nil) }
    self.init(path: path, classes: [], items: items)
  }

  init(path: String, classes: [String], items: [Item], isManifest: Bool = false) {
    self.path = path
    self.classes = classes
    self.items = items
    self.isManifest = isManifest
  }

  static func check(
    classes wanted: [String], among found: [String], of path: String
  ) throws(ImageError) -> [String] {
    var seen: Set<String> = []
    for name in wanted {
      guard found.contains(name) else { throw .missingClass(path: path, name: name, found: found) }
      guard seen.insert(name).inserted else { throw .repeatedClass(name: name) }
    }
    return wanted
  }

  /// Keras's `class_indices`.
  public var classIndices: [String: Int] {
    Dictionary(uniqueKeysWithValues: classes.enumerated().map { ($0.element, $0.offset) })
  }

  /// Keras's line: `Found 808 images belonging to 4 classes.`
  public var foundLine: String { "Found \(items.count) images belonging to \(classes.count) classes." }

  static func isPicture(_ name: String) -> Bool {
    let lowered = name.lowercased()
    return endings.contains { lowered.hasSuffix($0) }
  }
}
