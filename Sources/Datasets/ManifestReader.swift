import Encoding
import Foundation
import Images

/// What is inside a manifest.
enum ManifestKind {
  case delimited(UInt8)
  case lines
}

/// Reads the rows of a manifest, whatever it is written in.
struct ManifestReader {
  struct Row: Equatable {
    let file: String
    let label: String?
    var weight: Float?
  }

  let path: String
  let columns: ManifestColumns

  func rows() throws(DatasetError) -> [Row] {
    guard let kind = Dataset.manifestKind(of: path) else {
      throw .malformedManifest(
        path: path, line: 0,
        detail: "expected a name ending in .csv, .tsv, .jsonl or .ndjson, which decides the format")
    }
    let text = try text()
    switch kind {
    case .delimited(let delimiter): return try delimitedRows(text, delimiter)
    case .lines: return try lineRows(text)
    }
  }

  private func text() throws(DatasetError) -> String {
    let bytes: [UInt8]
    do throws(ImageError) { bytes = try ImageFile.read(path) } catch {
      if case .unreadable(let path, let reason) = error { throw .unreadable(path: path, reason: reason) }
      throw .malformedManifest(path: path, line: 0, detail: "\(error)")
    }
    guard !bytes.starts(with: [0xFF, 0xFE]), !bytes.starts(with: [0xFE, 0xFF]) else {
      throw .malformedManifest(path: path, line: 0, detail: "expected UTF-8, found UTF-16; save it as UTF-8")
    }
    // Names of files may be in any bytes.
    var text = FileName.text(of: bytes)
    // Spreadsheets put a byte order mark ahead of everything.
    if text.unicodeScalars.first == "\u{FEFF}" { text.unicodeScalars.removeFirst() }
    return text
  }

  private func delimitedRows(_ text: String, _ delimiter: UInt8) throws(DatasetError) -> [Row] {
    let records: [DelimitedText.Record]
    do throws(DelimitedText.Defect) {
      records = try DelimitedText.records(of: text, delimiter: delimiter)
    } catch {
      throw .malformedManifest(path: path, line: error.line, detail: error.reason)
    }
    guard let header = records.first else {
      throw .malformedManifest(path: path, line: 1, detail: "expected a line of column names, found nothing")
    }
    let file = try index(of: columns.file, in: header.fields)
    let label = try columns.label.map { (name) throws(DatasetError) in try index(of: name, in: header.fields)
    }
    let weight = try columns.weight.map { (name) throws(DatasetError) in
      try index(of: name, in: header.fields)
    }
    return try records.dropFirst().map { (record) throws(DatasetError) in
      guard record.fields.count == header.fields.count else {
        throw .malformedManifest(
          path: path, line: record.line,
          detail: "expected \(header.fields.count) fields, found \(record.fields.count)")
      }
      return Row(
        file: try notEmpty(record.fields[file], columns.file, record.line),
        label: try label.map { (index) throws(DatasetError) in
          try notEmpty(record.fields[index], columns.label ?? "", record.line).escapingBytes
        },
        weight: try weight.map { (index) throws(DatasetError) in
          try number(record.fields[index], columns.weight ?? "", record.line)
        })
    }
  }

  private func number(_ field: String, _ column: String, _ line: Int) throws(DatasetError) -> Float {
    guard let number = Float(field), number >= 0, number.isFinite else {
      throw .malformedManifest(
        path: path, line: line, detail: "expected a number of 0 or more for '\(column)', found '\(field)'")
    }
    return number
  }

  private func index(of column: String, in header: [String]) throws(DatasetError) -> Int {
    guard let index = header.firstIndex(of: column) else {
      throw .missingColumn(path: path, name: column, found: header)
    }
    return index
  }

  private func notEmpty(_ field: String, _ column: String, _ line: Int) throws(DatasetError) -> String {
    guard !field.isEmpty else {
      throw .malformedManifest(
        path: path, line: line, detail: "expected a value for '\(column)', found nothing")
    }
    return field
  }

  private func lineRows(_ text: String) throws(DatasetError) -> [Row] {
    var rows: [Row] = []
    for (number, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
    where !line.allSatisfy(\.isWhitespace) {
      if let reason = JSONBudget.problem(with: String(line)) {
        throw .malformedManifest(path: path, line: number + 1, detail: reason)
      }
      let object = try? JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
      guard let object else {
        throw .malformedManifest(path: path, line: number + 1, detail: "expected a JSON object")
      }
      rows.append(
        Row(
          file: try value(of: columns.file, in: object, number + 1),
          label: try columns.label.map { (name) throws(DatasetError) in
            try value(of: name, in: object, number + 1).escapingBytes
          },
          weight: try columns.weight.map { (name) throws(DatasetError) in
            try self.number(value(of: name, in: object, number + 1), name, number + 1)
          }))
    }
    return rows
  }

  private func value(of name: String, in object: [String: Any], _ line: Int) throws(DatasetError) -> String {
    switch object[name] {
    case let text as String: return try notEmpty(text, name, line)
    case let number as NSNumber where !(object[name] is Bool): return number.stringValue
    case is [Any]:
      throw .malformedManifest(
        path: path, line: line, detail: "'\(name)' has several values; an image has one class here")
    case nil where line == 1: throw .missingColumn(path: path, name: name, found: object.keys.sorted())
    default:
      throw .malformedManifest(path: path, line: line, detail: "expected text for '\(name)'")
    }
  }
}
