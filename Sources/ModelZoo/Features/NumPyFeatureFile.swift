import Encoding
import Files
import Foundation
import Images
import Reports
import TensorArchive
import Tensors

/// Features as a `.npy` array `[N, ...]`, with the rows' names in a table beside it: `OUT.npy.csv`.
struct NumPyFeatureFile: FeatureFileFormat {
  func check(_ columns: [FeatureColumn], path: String) throws(FeatureFileError) {
    guard columns.count == 1 else { throw .oneTensorOnly(path: path, found: columns.map(\.name)) }
  }

  func write(
    to path: String, columns: [FeatureColumn], candidates: FeatureRows, origin: FeatureOrigin?,
    missing: () -> [MissingImage], from source: FeatureRowSource
  ) throws {
    try check(columns, path: path)
    let rowShape = columns[0].shape.dimensions
    let rows = try AtomicFile.write(to: path) { sink in
      try header(rowCount: 0, rowShape, path).withRawSpan { bytes in try sink.write(bytes) }
      let rows = try source { rows in try sink.write(floats: rows[0]) }
      try header(rowCount: rows.files.count, rowShape, path).withRawSpan { bytes in
        try sink.overwrite(bytes, at: 0)
      }
      return rows
    }
    try AtomicFile.write(Self.table(of: rows), to: path + ".csv")
  }

  func open(_ path: String, layer: String?) throws -> FeatureSet {
    if let layer, layer != FeatureColumn.features {
      throw FeatureFileError.noSuchTensor(path: path, name: layer, found: [FeatureColumn.features])
    }
    let file = try FileBytes(path: path)
    let header = try NumPyHeader(path: path, file: file)
    let (shape, size) = (header.shape, header.scalarType.byteCount)
    let needed = shape.elementCount.multipliedReportingOverflow(by: size)
    guard !needed.overflow, needed.partialValue == file.byteCount - header.byteCount else {
      throw FeatureFileError.malformed(
        path: path, expected: "\(shape) numbers of \(size) bytes",
        found: "\(file.byteCount - header.byteCount) bytes")
    }
    let part = FeaturePart(file, shape: shape, header.scalarType, at: header.byteCount)
    return FeatureSet(
      path: path, rows: try Self.rows(path, count: shape[0]),
      rowShape: TensorShape(Array(shape.dimensions.dropFirst())), parts: [part])
  }

  /// The table beside the array; rows without one are numbered.
  private static func rows(_ path: String, count: Int) throws -> FeatureRows {
    let table = path + ".csv"
    guard FileManager.default.fileExists(atPath: table) else {
      return FeatureRows(files: (0..<count).map { "row \($0)" })
    }
    let text = String(decoding: try ImageFile.read(table), as: UTF8.self)
    let records = ((try? DelimitedText.records(of: text)) ?? []).map(\.fields)
    let columns = records.first?.count ?? 0
    guard records.count == count + 1, records.allSatisfy({ $0.count == columns }),
      ["file", "file,label,class"].contains(records.first?.joined(separator: ","))
    else {
      throw FeatureFileError.malformed(
        path: table, expected: "a line of headings (file, or file, label and class) and \(count) lines",
        found: "\(records.count) lines of \(columns) fields")
    }
    let lines = records.dropFirst()
    guard columns == 3 else { return FeatureRows(files: lines.map { $0[0] }) }
    let named = try names(ofLabels: lines.map { ($0[1], $0[2]) }, in: table)
    let labels = lines.compactMap { Int($0[1]) }
    // A class without rows is not in the table: its name is lost, its number is not.
    let last = labels.max() ?? -1
    guard labels.count == count, labels.allSatisfy({ 0..<65_536 ~= $0 }) else {
      throw FeatureFileError.malformed(
        path: table, expected: "every label as a number from 0",
        found: "\(labels.count) such labels of \(count)")
    }
    return FeatureRows(
      files: lines.map { $0[0] }, labels: labels,
      classNames: (0..<last + 1).map { named[$0] ?? "class \($0)" })
  }

  /// The class of each label.
  ///
  /// - Throws: ``FeatureFileError`` for a table that says two classes of one label, or two labels of one class.
  private static func names(ofLabels lines: [(label: String, name: String)], in table: String) throws -> [Int:
    String]
  {
    var (names, labels): ([Int: String], [[UInt8]: Int]) = ([:], [:])
    for (text, name) in lines {
      guard let label = Int(text) else { continue }
      let (known, number) = (names[label], labels[Array(name.utf8)])
      if let known, !known.utf8.elementsEqual(name.utf8) {
        throw FeatureFileError.malformed(
          path: table, expected: "one class for each label",
          found: "the label \(label) for the class \(known) and for the class \(name)")
      }
      if let number, number != label {
        throw FeatureFileError.malformed(
          path: table, expected: "one label for each class",
          found: "the labels \(number) and \(label) for the class \(name)")
      }
      (names[label], labels[Array(name.utf8)]) = (name, label)
    }
    return names
  }

  private func header(rowCount: Int, _ rowShape: [Int], _ path: String) throws -> [UInt8] {
    guard let bytes = NumPyHeader.bytes(shape: [rowCount] + rowShape) else {
      throw FeatureFileError.tooManyAxes(path: path, axes: rowShape.count + 1)
    }
    return bytes
  }

  private static func table(of rows: FeatureRows) -> String {
    guard !rows.labels.isEmpty else {
      return CSV.record(["file"]) + rows.files.map { CSV.record([$0]) }.joined()
    }
    let records = zip(rows.files, rows.labels).map { file, label in
      CSV.record([file, String(label), rows.classNames[label]])
    }
    return CSV.record(["file", "label", "class"]) + records.joined()
  }
}
