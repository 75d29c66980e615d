import Encoding
import Files
import Foundation
import Images

/// The names of a manifest's columns, by Keras's parameter names.
public struct ManifestColumns: Hashable, Sendable {
  /// `x_col`: the image's file.
  public var file: String
  /// `y_col`: the image's class; nil where there are none.
  public var label: String?
  /// `weight_col`: the sample weight of the image; nil if all count alike.
  public var weight: String?

  /// Keras's names by default.
  public init(file: String = "filename", label: String? = "class", weight: String? = nil) {
    self.file = file
    self.label = label
    self.weight = weight
  }
}

extension Dataset {
  /// The endings of manifests, each with what is inside.
  private static let manifestEndings: [String: ManifestKind] = [
    "csv": .delimited(UInt8(ascii: ",")), "tsv": .delimited(UInt8(ascii: "\t")), "jsonl": .lines,
    "ndjson": .lines,
  ]

  /// Whether a file's name ends as a manifest's does, `.csv`, `.tsv`, `.jsonl` or `.ndjson`, and it is no folder or archive.
  public static func isManifest(_ path: String) -> Bool { (try? ListedPlace(path)) == .manifest }

  static func manifestKind(of path: String) -> ManifestKind? {
    manifestEndings[URL(fileURLWithPath: path).pathExtension.lowercased()]
  }

  /// Lists the images of a manifest, as Keras's `flow_from_dataframe` reads a data frame: the images in the order of
  /// the rows, the classes in code-point order, unless a list is given.
  ///
  /// `.csv` and `.tsv` files begin with a line of column names; `.jsonl` and `.ndjson` files have one JSON object per
  /// line. Other columns are ignored. Files that are not there or do not end as images do, and rows of other classes
  /// than those asked for, are left out, as in Keras; ``diagnostics`` says so.
  ///
  /// - Parameters:
  ///   - path: the manifest, which may lie in an archive.
  ///   - columns: which columns count.
  ///   - directory: where the files are that are named without a leading slash: a folder, an archive, or a folder in one; nil
  ///     for the manifest's folder.
  ///   - classes: the classes to keep, in the order of their labels; nil for all of them.
  ///   - allowsMissingClasses: whether some of the classes asked for may have no rows.
  /// - Throws: ``DatasetError`` with the line of a row that has no file or no class, several classes, or a weight
  ///   that is no number of 0 or more; or when there are rows and not one of their files is there.
  public init(
    manifest path: String, columns: ManifestColumns = ManifestColumns(), directory: String? = nil,
    classes: [String]? = nil, allowsMissingClasses: Bool = false
  ) throws(DatasetError) {
    let rows = try ManifestReader(path: path, columns: columns).rows()
    let folder = directory ?? URL(fileURLWithPath: path).deletingLastPathComponent().relativePath
    let base = try FolderPlace(folder, isExact: true)
    let locations = rows.map { row in Self.locate(row.file, in: base) }
    let present = zip(rows, locations).compactMap { row, location in location.map { (row: row, location: $0) }
    }
    if let first = rows.first, present.isEmpty {
      throw .noListedFile(path: path, count: rows.count, first: first.file)
    }
    let found = Set(present.compactMap(\.row.label)).sorted(by: FileName.precedes)
    let names = classes ?? found
    let notes = try Self.check(classes: names, among: found, of: path, mayMiss: allowsMissingClasses)
    let labels = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($0.element, $0.offset) })
    let kept = present.filter { $0.row.label.map { labels[$0] != nil } ?? true }
    self.init(
      place: path, source: .manifest, classes: names,
      items: kept.map { row, location in
        Item(
          location: location, name: row.file.escapingBytes, label: row.label.flatMap { labels[$0] },
          weight: row.weight)
      },
      diagnostics: notes
        + Self.diagnostics(
          path, missing: rows.indices.filter { locations[$0] == nil }.map { rows[$0].file },
          otherRows: present.count - kept.count))
  }

  private static func diagnostics(_ path: String, missing: [String], otherRows: Int) -> [DatasetDiagnostic] {
    let files = missing.first.map {
      DatasetDiagnostic.missingFiles(place: path, count: missing.count, first: $0.escapingBytes)
    }
    let rows = otherRows > 0 ? DatasetDiagnostic.otherRows(place: path, count: otherRows) : nil
    return [files, rows].compactMap(\.self)
  }

  /// Where a file is that a manifest names; nil where there is none, or its name is no image's.
  private static func locate(_ file: String, in base: FolderPlace) -> ImageLocation? {
    guard isImage(file) else { return nil }
    return file.hasPrefix("/")
      ? DiskTree().location(of: file) : base.tree.location(of: FolderWalk.join(base.path, file))
  }
}
