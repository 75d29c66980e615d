import Encoding
import Files
import Foundation
import TensorArchive
import Tensors

/// Features as a safetensors file: `features` `[N, ...]`, or a tensor a layer where there are several, `labels` `[N]` where
/// there are classes, and the names in `__metadata__` as JSON arrays (`files`, `class_names`).
struct SafetensorsFeatureFile: FeatureFileFormat {
  func check(_ columns: [FeatureColumn], path: String) throws(FeatureFileError) {
    if columns.contains(where: { $0.name == FeatureColumn.labels }) {
      throw .reservedName(path: path, name: FeatureColumn.labels)
    }
  }

  func write(
    to path: String, columns: [FeatureColumn], candidates: FeatureRows, from source: FeatureRowSource
  ) throws {
    try check(columns, path: path)
    let reserved = try Self.header(rows: candidates, columns).count + Self.spareBytes
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
      var header = try Self.header(rows: rows, columns)
      header.append(contentsOf: [UInt8](repeating: 0x20, count: reserved - header.count))
      let length = (0..<8).map { UInt8(truncatingIfNeeded: reserved >> (8 * $0)) }
      try (length + header).withRawSpan { bytes in try sink.overwrite(bytes, at: 0) }
    }
  }

  func read(_ path: String, column: String?) throws -> (features: Tensor, rows: FeatureRows) {
    let archive = try Archive(contentsOf: path)
    let features = try archive.values(of: Self.name(of: column, in: archive))
    try FeatureFile.checkRows(of: features.shape, path: path)
    return (features, try Self.rows(of: archive, count: features.shape[0]))
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
    guard names.count == count, let labels, labels.isEmpty || labels.count == count,
      labels.allSatisfy(classes.indices.contains)
    else {
      throw FeatureFileError.malformed(
        path: archive.path,
        expected: "a file name and at most one class for each of \(counted(count, "row")) of features",
        found: "\(names.count) names, \(labels?.count ?? 0) labels and \(classes.count) classes")
    }
    return FeatureRows(files: names, labels: labels, classNames: classes)
  }

  /// The tensor to read: the one that was asked for, or the only one there is.
  private static func name(of column: String?, in archive: Archive) throws(FeatureFileError) -> String {
    if column == nil, archive.contains(FeatureColumn.features) { return FeatureColumn.features }
    let names = archive.tensors.map(\.name).filter { $0 != FeatureColumn.labels }.sorted()
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

  private static func header(rows: FeatureRows, _ columns: [FeatureColumn]) throws -> [UInt8] {
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
    let metadata = ["files": try rows.files.json(), "class_names": try rows.classNames.json()]
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
    return tensors.first.flatMap { $0.shape.dimensions.first }
  }
}
