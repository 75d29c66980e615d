import Files
import Foundation
import TensorArchive
import Tensors

/// Features as a safetensors file: `features` `[N, ...]`, `labels` `[N]` where there are classes, and the
/// names in `__metadata__` as JSON arrays (`files`, `class_names`).
struct SafetensorsFeatureFile: FeatureFileFormat {
  func write(to path: String, rowShape: [Int], candidates: FeatureRows, from source: FeatureRowSource) throws
  {
    let reserved = try Self.header(rows: candidates, rowShape).count + Self.spareBytes
    try AtomicFile.write(to: path) { sink in
      try [UInt8](repeating: 0x20, count: 8 + reserved).withRawSpan { bytes in try sink.write(bytes) }
      let rows = try source { row in try sink.write(floats: row) }
      try sink.write(integers: rows.labels)
      var header = try Self.header(rows: rows, rowShape)
      header.append(contentsOf: [UInt8](repeating: 0x20, count: reserved - header.count))
      let length = (0..<8).map { UInt8(truncatingIfNeeded: reserved >> (8 * $0)) }
      try (length + header).withRawSpan { bytes in try sink.overwrite(bytes, at: 0) }
    }
  }

  func read(_ path: String) throws -> (features: Tensor, rows: FeatureRows) {
    let archive = try Archive(contentsOf: path)
    let features = try archive.values(of: "features")
    let count = features.shape.dimensions.first ?? 0
    let names = try Self.names("files", archive) ?? (0..<count).map { "row \($0)" }
    let classes = try Self.names("class_names", archive) ?? []
    let labels = archive.contains("labels") ? try archive.tensor(named: "labels").integers() : []
    guard features.shape.rank >= 2, names.count == count, let labels, labels.isEmpty || labels.count == count,
      labels.allSatisfy(classes.indices.contains)
    else {
      throw FeatureFileError.malformed(
        path: path, expected: "a file name and at most one class for each row of features \(features.shape)",
        found: "\(names.count) names, \(labels?.count ?? 0) labels and \(classes.count) classes")
    }
    return (features, FeatureRows(files: names, labels: labels, classNames: classes))
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

  private static func header(rows: FeatureRows, _ rowShape: [Int]) throws -> [UInt8] {
    let featureBytes = 4 * rows.files.count * rowShape.reduce(1, *)
    var tensors = ["features": Entry("F32", [rows.files.count] + rowShape, 0..<featureBytes)]
    if !rows.labels.isEmpty {
      let end = featureBytes + 8 * rows.labels.count
      tensors["labels"] = Entry("I64", [rows.labels.count], featureBytes..<end)
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
