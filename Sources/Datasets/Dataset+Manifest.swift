import Encoding
import Files
import Foundation
import Images

extension Dataset {
  /// The endings of manifests, each with what is inside.
  private static let manifestEndings: [String: ManifestKind] = [
    "csv": .delimited(.comma), "tsv": .delimited(.tab), "jsonl": .lines, "ndjson": .lines,
  ]

  /// Whether a file's name ends as a manifest's does, `.csv`, `.tsv`, `.jsonl` or `.ndjson`, and it is no folder or archive.
  public static func isManifest(_ path: String) -> Bool { (try? ListedPlace(path)) == .manifest }

  /// Whether a manifest has fields with something between them, as `.csv` and `.tsv` files have and JSON lines have not.
  public static func hasSeparators(_ path: String) -> Bool {
    if case .delimited? = manifestKind(of: path) { true } else { false }
  }

  static func manifestKind(of path: String) -> ManifestKind? {
    manifestEndings[URL(fileURLWithPath: path).pathExtension.lowercased()]
  }

  /// Lists the images of a manifest, as Keras's `flow_from_dataframe` reads a data frame: the images in the order of
  /// the rows, the classes in code-point order, unless a list is given.
  ///
  /// `.csv` and `.tsv` files have a line of column names, or a column in which the first line has an image's name; what stands
  /// between their fields is found by their first lines, and so are the columns where none has the name that is asked for. Where
  /// there is no column of classes, columns named as classes, with one 1 among zeros, are. `.jsonl` and `.ndjson` files have one
  /// JSON object per line. Files may be named without their endings, with Windows's separators, and with the folder that they
  /// had on another machine. Other columns are ignored. Files that are not there, and rows of other classes
  /// than those asked for, are left out, as in Keras; ``diagnostics`` says all of this.
  ///
  /// - Parameters:
  ///   - path: the manifest, which may lie in an archive.
  ///   - columns: which columns count.
  ///   - directory: where the files are that are named without a leading slash: a folder, an archive, or a folder in one; nil
  ///     for the manifest's folder.
  ///   - classes: the classes to keep, in the order of their labels; nil for all of them.
  ///   - allowsMissingClasses: whether some of the classes asked for may have no rows.
  /// - Throws: ``DatasetError`` with the line of a row that has no file or no class, several classes, or a weight
  ///   that is no number of 0 or more; for a name without its ending that several images have; or when there are rows and not
  ///   one of their files is there.
  public init(
    manifest path: String, columns: ManifestColumns = ManifestColumns(), directory: String? = nil,
    classes: [String]? = nil, allowsMissingClasses: Bool = false
  ) throws(DatasetError) {
    if directory == nil, columns.areUsual,
      let listed = try Self.listed(in: path, columns.label, classes, allowsMissingClasses)
    {
      self = listed
      return
    }
    let contents = try ManifestReader(path: path, columns: columns).contents()
    let rows = contents.rows
    let folder = directory ?? URL(fileURLWithPath: path).deletingLastPathComponent().relativePath
    var files = ManifestFiles(in: try FolderPlace(folder, isExact: true))
    let locations = try files.locate(rows.map(\.file))
    let present = zip(rows, locations).compactMap { row, location in location.map { (row: row, location: $0) }
    }
    if let first = rows.first, present.isEmpty {
      throw .noListedFile(
        path: path, count: rows.count, first: first.file.escapingBytes, tried: files.places(tried: first.file)
      )
    }
    let found = Self.classOrder(of: present.lazy.compactMap(\.row.label))
    let names = classes ?? found
    let notes = try Self.check(classes: names, among: found, of: path, mayMiss: allowsMissingClasses)
    let labels = NamedValues(names.enumerated().map { (name: $0.element, value: $0.offset) })
    let kept = present.filter { $0.row.label.map { labels[$0] != nil } ?? true }
    self.init(
      place: path, source: .manifest, classes: names,
      items: kept.map { row, location in
        Item(
          location: location, name: row.file.escapingBytes, label: row.label.flatMap { labels[$0] },
          weight: row.weight)
      },
      diagnostics: (contents.form.isUsual ? [] : [.manifestForm(place: path, form: contents.form)])
        + notes + Self.diagnostics(of: files, path, rows.map(\.file), locations)
        + (kept.count < present.count ? [.otherRows(place: path, count: present.count - kept.count)] : []))
  }

  private static func diagnostics(
    of files: ManifestFiles, _ path: String, _ names: [String], _ locations: [ImageLocation?]
  ) -> [DatasetDiagnostic] {
    let moved = files.leftAway.map {
      DatasetDiagnostic.movedFiles(place: path, count: $0.rows, folder: $0.folder.escapingBytes)
    }
    let missing = names.indices.filter { locations[$0] == nil }
    let absent = missing.first.map {
      DatasetDiagnostic.missingFiles(
        place: path, count: missing.count, total: names.count, first: names[$0].escapingBytes,
        tried: files.places(tried: names[$0]))
    }
    return [moved, absent].compactMap(\.self)
  }

  /// The images of a listing; nil for any other manifest.
  private static func listed(
    in path: String, _ label: String?, _ wanted: [String]?, _ mayMiss: Bool
  ) throws(DatasetError) -> Dataset? {
    guard Listing.isListing(path) else { return nil }
    let all: Dataset
    do { all = try Listing(contentsOf: path).dataset() } catch {
      if let error = error as? ListingError { throw .listing(error) }
      throw .unreadable(path: path, reason: "\(error)")
    }
    guard label != nil else { return all.withoutClasses }
    guard let wanted else { return all }
    let notes = try check(classes: wanted, among: all.classes, of: path, mayMiss: mayMiss)
    let labels = NamedValues(wanted.enumerated().map { (name: $0.element, value: $0.offset) })
    var items = all.items.compactMap { item in
      item.label.flatMap { labels[all.classes[$0]] }.map { item.labelled($0) }
    }
    // Those of a folder are class by class, as they are where the folder is read.
    if all.source == .folder {
      let members = Dictionary(grouping: items) { $0.label ?? 0 }
      items = wanted.indices.flatMap { members[$0] ?? [] }
    }
    let others = all.items.count - items.count
    return Dataset(
      place: path, source: all.source, classes: wanted, items: items,
      diagnostics: notes + (others > 0 ? [.otherRows(place: path, count: others)] : []))
  }
}
