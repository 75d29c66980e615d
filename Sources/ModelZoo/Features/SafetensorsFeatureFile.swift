import Encoding
import Files
import Foundation
import TensorArchive
import Tensors

/// Features as a safetensors file: `features` `[N, ...]`, or a tensor a layer where there are several, `labels` `[N]` where
/// there are classes, `skipped` `[K, 2]` where images have no features, and in `__metadata__` the names as JSON arrays (`files`,
/// `class_names`) and what computed them (`origin`).
struct SafetensorsFeatureFile: FeatureFileFormat {
  func check(_ columns: [FeatureColumn], path: String) throws(FeatureFileError) {
    if let column = columns.first(where: { FeatureColumn.reserved.contains($0.name) }) {
      throw .reservedName(path: path, name: column.name)
    }
  }

  func write(
    to path: String, columns: [FeatureColumn], candidates: FeatureRows, origin: FeatureOrigin?,
    missing: () -> [MissingImage], from source: FeatureRowSource
  ) throws {
    try check(columns, path: path)
    let spare = origin == nil ? Self.spareBytes : Self.spareBytes + Self.missingBytes
    let reserved = try Self.header(rows: candidates, columns, origin, missing: 0).count + spare
    guard reserved <= FormatLimits.maximumSafetensorsHeaderByteCount else {
      throw FeatureFileError.tooManyNames(
        path: path, limit: FormatLimits.maximumSafetensorsHeaderByteCount, found: reserved)
    }
    try AtomicFile.write(to: path) { sink in
      try [UInt8](repeating: 0x20, count: 8 + reserved).withRawSpan { bytes in try sink.write(bytes) }
      // In the file a tensor comes after the other, and rows of all come together: all but the first wait beside the file.
      let waiting = try columns.dropFirst().map { _ in try WaitingRows(beside: path) }
      let rows = try source { parts in
        try sink.write(floats: parts[0])
        for (rows, part) in zip(waiting, parts.dropFirst()) { try rows.append(part) }
      }
      for rows in waiting { try rows.copy(to: sink) }
      try sink.write(integers: rows.labels)
      let missing = origin == nil ? [] : missing()
      try sink.write(integers: missing.flatMap(\.integers))
      var header = try Self.header(rows: rows, columns, origin, missing: missing.count)
      header.append(contentsOf: [UInt8](repeating: 0x20, count: reserved - header.count))
      let length = (0..<8).map { UInt8(truncatingIfNeeded: reserved >> (8 * $0)) }
      try (length + header).withRawSpan { bytes in try sink.overwrite(bytes, at: 0) }
    }
  }

  func open(_ path: String, layer: String?) throws -> FeatureSet {
    let archive = try Archive(contentsOf: path)
    let name = try Self.name(of: layer, in: archive)
    let (part, shape) = try Self.part(name, of: archive)
    let rows = try Self.rows(of: archive, count: shape[0])
    let names = archive.featureTensors
    let origin = try Self.origin(of: archive, tensors: names.count)
    return FeatureSet(
      path: path, rows: rows, rowShape: TensorShape(Array(shape.dimensions.dropFirst())), parts: [part],
      origin: origin, missing: try Self.missing(of: archive, rows),
      layer: name == FeatureColumn.features ? nil : name, column: names.firstIndex(of: name) ?? 0)
  }

  /// Where the rows of the tensor called `name` are, and their shape with the batch ahead.
  static func part(
    _ name: String, of archive: Archive
  ) throws -> (part: FeaturePart, shape: TensorShape) {
    let (declaration, file, start) = try archive.place(of: name)
    try FeatureFile.checkRows(of: declaration.shape, path: archive.path)
    guard declaration.scalarType.isFloatingPoint else {
      throw ArchiveError.unsupportedType(
        path: archive.path, tensor: name, type: declaration.scalarType.rawValue)
    }
    let part = FeaturePart(file, shape: declaration.shape, declaration.scalarType, at: start)
    return (part, declaration.shape)
  }

  /// What computed the features; nil where the file does not say.
  static func origin(of archive: Archive, tensors: Int) throws -> FeatureOrigin? {
    guard let text = archive.metadata[originKey] else { return nil }
    guard let origin = FeatureText.value(FeatureOrigin.self, text), origin.settings.count == tensors,
      origin.recipe.variants.map({ $0 > 0 }) ?? true
    else {
      let settings = FeatureText.value(FeatureOrigin.self, text)?.settings.count
      throw FeatureFileError.malformed(
        path: archive.path,
        expected:
          "in `\(originKey)` of its metadata what computed the features: settings for \(counted(tensors, "tensor"))",
        found: settings.map { "settings for \($0)" } ?? "the text \(text.prefix(40))")
    }
    return origin
  }

  /// The images without a row.
  static func missing(of archive: Archive, _ rows: FeatureRows) throws -> [MissingImage] {
    guard archive.contains(FeatureColumn.missing) else { return [] }
    let view = try archive.tensor(named: FeatureColumn.missing)
    let integers = view.integers()
    let missing = integers.flatMap {
      MissingImage.list($0, rows: rows.files.count, classes: rows.classNames.count)
    }
    guard let missing, view.shape.rank == 2, view.shape[1] == 2 else {
      let end = rows.files.count + (integers?.count ?? 0) / 2
      throw FeatureFileError.malformed(
        path: archive.path,
        expected:
          "in `\(FeatureColumn.missing)`, [K, 2], of each image without features its place, ascending and below \(end.grouped), "
          + "and its class, below \(rows.classNames.count) or -1",
        found: integers.map { "\(view.shape): \($0.prefix(6).map(String.init).joined(separator: ", "))" }
          ?? "\(view.shape) of numbers that are no integers")
    }
    return missing
  }

  /// What the rows of a file are.
  ///
  /// - Parameter count: how many rows there are; nil where the file must say so.
  static func rows(of archive: Archive, count: Int? = nil) throws -> FeatureRows {
    let files = try names("files", archive)
    let count = count ?? files?.count ?? 0
    let names = files ?? (0..<count).map { "row \($0)" }
    let classes = try self.names("class_names", archive) ?? []
    let labels = archive.contains("labels") ? try archive.tensor(named: "labels").integers() : []
    guard names.count == count, let labels, labels.isEmpty || labels.count == count else {
      throw FeatureFileError.malformed(
        path: archive.path,
        expected: "a file name and at most one class for each of \(counted(count, "row")) of features",
        found:
          "\(counted(names.count, "name")) and \(labels.map { counted($0.count, "label") } ?? "labels that are no integers")"
      )
    }
    if let label = labels.first(where: { !classes.indices.contains($0) }) {
      throw FeatureFileError.malformed(
        path: archive.path,
        expected: classes.isEmpty
          ? "in `class_names` of its metadata the names of the classes, a JSON array, for its labels"
          : "labels from 0 to \(classes.count - 1), one for each of its class_names",
        found: classes.isEmpty ? "labels without names" : "the label \(label)")
    }
    return FeatureRows(files: names, labels: labels, classNames: classes)
  }

  /// The tensor to read: the one that was asked for, or the only one there is.
  private static func name(of column: String?, in archive: Archive) throws(FeatureFileError) -> String {
    if column == nil, archive.contains(FeatureColumn.features) { return FeatureColumn.features }
    let names = archive.featureTensors.sorted()
    guard let column else {
      guard names.count == 1 else { throw .severalTensors(path: archive.path, found: names) }
      return names[0]
    }
    guard names.contains(column) else {
      throw .noSuchTensor(path: archive.path, name: column, found: names)
    }
    return column
  }

  private static func names(_ key: String, _ archive: Archive) throws -> [String]? {
    guard let text = archive.metadata[key] else { return nil }
    guard let names = try? JSONDecoder().decode([String].self, from: Data(text.utf8)) else {
      throw FeatureFileError.malformed(
        path: archive.path, expected: "a JSON array of names as \(key)", found: String(text.prefix(40)))
    }
    return names
  }

  /// Room for the difference between the rows announced and the rows that came; fewer rows never need more.
  private static let spareBytes = 64
  /// Room for the tensor of those that did not.
  private static let missingBytes = 128
  private static let originKey = "origin"

  private static func header(
    rows: FeatureRows, _ columns: [FeatureColumn], _ origin: FeatureOrigin?, missing: Int
  ) throws -> [UInt8] {
    var tensors: [String: Entry] = [:]
    var end = 0
    for column in columns {
      let start = end
      end += 4 * rows.files.count * column.shape.elementCount
      tensors[column.name] = Entry("F32", [rows.files.count] + column.shape.dimensions, start..<end)
    }
    if !rows.labels.isEmpty {
      let start = end
      end += 8 * rows.labels.count
      tensors[FeatureColumn.labels] = Entry("I64", [rows.labels.count], start..<end)
    }
    if missing > 0 {
      tensors[FeatureColumn.missing] = Entry("I64", [missing, 2], end..<end + 16 * missing)
    }
    var metadata = ["files": try rows.files.json(), "class_names": try rows.classNames.json()]
    metadata[originKey] = try origin?.json()
    let json = try ["__metadata__": metadata].json().dropLast() + "," + tensors.json().dropFirst()
    return Array(json.utf8)
  }

  /// One tensor of a safetensors header.
  private struct Entry: Encodable {
    var dtype: String
    var shape: [Int]
    var data_offsets: [Int]

    init(_ type: String, _ shape: [Int], _ range: Range<Int>) {
      dtype = type
      self.shape = shape
      data_offsets = [range.lowerBound, range.upperBound]
    }
  }
}

extension Archive {
  /// How many images the file has features of, where it is a file of features; nil for any other.
  package var featureRowCount: Int? {
    guard manifest == nil, metadata["files"] != nil, metadata["class_names"] != nil else { return nil }
    return featureTensors.first.flatMap { shape(of: $0)?.dimensions.first }
  }

  /// The names of the tensors of features, in their order in the file.
  fileprivate var featureTensors: [String] {
    tensors.map(\.name).filter { !FeatureColumn.reserved.contains($0) }
  }
}
