import Foundation

/// A file that lists pictures and their classes, read as Keras's `flow_from_dataframe` reads a data frame.
///
/// `.csv` and `.tsv` files begin with a line of column names; `.jsonl` and `.ndjson` files hold a JSON object a
/// line. Columns that are not asked for are not looked at.
public struct ImageManifest: Hashable, Sendable {
  /// Which columns count, by Keras's names for their names.
  public struct Columns: Hashable, Sendable {
    /// `x_col`: the picture's file.
    public var file: String
    /// `y_col`: the picture's class; nil where there are none.
    public var label: String?
    /// `weight_col`: how much the picture counts; nil where all count alike.
    public var weight: String?

    /// Keras's names, unless told otherwise.
    public init(file: String = "filename", label: String? = "class", weight: String? = nil) {
      self.file = file
      self.label = label
      self.weight = weight
    }
  }

  /// The pictures in the order of the rows; the classes in code-point order, unless a list was given.
  public let folder: ImageFolder
  /// Files that were named but are not there or do not end as pictures do; as in Keras, they are left out.
  public let ignoredFiles: [String]
  /// The number of rows whose class is not in the list of classes; as in Keras, they are left out.
  public let otherRowCount: Int

  /// The endings of manifests, each with what is inside.
  static let endings: [String: Kind] = [
    "csv": .delimited(UInt8(ascii: ",")), "tsv": .delimited(UInt8(ascii: "\t")), "jsonl": .lines,
    "ndjson": .lines,
  ]

  /// What is inside a manifest.
  enum Kind {
    case delimited(UInt8)
    case lines
  }

  /// Whether a file's name ends as a manifest's does.
  public static func isManifest(_ path: String) -> Bool { kind(of: path) != nil }

  static func kind(of path: String) -> Kind? {
    endings[URL(fileURLWithPath: path).pathExtension.lowercased()]
  }

  /// Reads a manifest.
  ///
  /// - Parameters:
  ///   - path: the manifest.
  ///   - columns: which columns count.
  ///   - directory: where the files are that are named without a leading slash; nil for the manifest's folder.
  ///   - classes: the classes to keep, in the order of their labels; nil for all of them.
  /// - Throws: ``ImageError`` with the line of a row that has no file or no class, several classes, or a weight
  ///   that is no number of 0 or more; or when there are rows and not one of their files is there.
  public init(
    contentsOf path: String, columns: Columns = Columns(), directory: String? = nil, classes: [String]? = nil
  ) throws(ImageError) {
    let rows = try ManifestReader(path: path, columns: columns).rows()
    let base = directory ?? URL(fileURLWithPath: path).deletingLastPathComponent().relativePath
    let isThere = rows.map { row in Self.isThere(Self.locate(row.file, in: base)) }
    let present = rows.indices.filter { isThere[$0] }.map { rows[$0] }
    if let first = rows.first, present.isEmpty {
      throw .noListedFile(path: path, count: rows.count, first: first.file)
    }
    let found = Set(present.compactMap(\.label)).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    let names =
      try classes.map { (names) throws(ImageError) in
        try ImageFolder.check(classes: names, among: found, of: path)
      } ?? found
    let labels = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($0.element, $0.offset) })
    let kept = present.filter { row in row.label.map { labels[$0] != nil } ?? true }
    ignoredFiles = rows.indices.filter { !isThere[$0] }.map { rows[$0].file }
    otherRowCount = present.count - kept.count
    folder = ImageFolder(
      path: path, classes: names,
      items: kept.map { row in
        ImageFolder.Item(
          path: Self.locate(row.file, in: base), name: row.file, label: row.label.flatMap { labels[$0] },
          weight: row.weight)
      }, isManifest: true)
  }

  private static func locate(_ file: String, in base: String) -> String {
    file.hasPrefix("/") ? file : FolderWalk.join(base, file)
  }

  private static func isThere(_ path: String) -> Bool {
    ImageFolder.isPicture(path) && FileManager.default.fileExists(atPath: path) && !FileKind.isFolder(path)
  }
}
