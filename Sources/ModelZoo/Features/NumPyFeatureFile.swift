import Reports
import TensorArchive

/// Features as a `.npy` array `[N, ...]`, with the rows' names in a table beside it: `OUT.npy.csv`.
struct NumPyFeatureFile: FeatureFileFormat {
  func write(to path: String, rowShape: [Int], candidates: FeatureRows, from source: FeatureRowSource) throws
  {
    let rows = try AtomicFile.write(to: path) { sink in
      try header(rowCount: 0, rowShape, path).withRawSpan { bytes in try sink.write(bytes) }
      let rows = try source { row in try sink.write(floats: row) }
      try header(rowCount: rows.files.count, rowShape, path).withRawSpan { bytes in
        try sink.overwrite(bytes, at: 0)
      }
      return rows
    }
    try AtomicFile.write(Self.table(of: rows), to: path + ".csv")
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
