import Encoding
import Foundation
import Images

/// What is inside a manifest.
enum ManifestKind {
  /// Fields with something between them, usually this.
  case delimited(FieldSeparator)
  case lines
}

/// Reads the rows of a manifest, whatever it is written in.
struct ManifestReader {
  struct Row: Equatable {
    let file: String
    let label: String?
    var weight: Float?
  }

  /// The rows, and how they were found.
  struct Contents {
    var rows: [Row] = []
    var form = ManifestForm()
  }

  let path: String
  let columns: ManifestColumns

  func contents() throws(DatasetError) -> Contents {
    guard let kind = Dataset.manifestKind(of: path) else {
      throw .malformedManifest(
        path: path, line: 0,
        detail: "expected a name ending in .csv, .tsv, .jsonl or .ndjson, which decides the format")
    }
    let text = try ManifestText.read(path)
    switch kind {
    case .delimited(let usual):
      let separator =
        columns.separator ?? FieldSeparator.found(in: text, usual: usual, columns: columns)
      var contents = try delimited(text, separator)
      contents.form.separator = columns.separator == nil && separator != usual ? separator : nil
      return contents
    case .lines: return try ManifestLines(path: path, columns: columns).contents(of: text)
    }
  }

  private func delimited(_ text: String, _ separator: FieldSeparator) throws(DatasetError) -> Contents {
    let records = Self.withEveryColumnNamed(try records(of: text, separator))
    guard let first = records.first else {
      throw .malformedManifest(path: path, line: 1, detail: "expected a line of column names, found nothing")
    }
    let layout = try ManifestLayout(columns, in: records, of: path)
    let rows = try records.dropFirst(layout.hasNames ? 1 : 0).map { (record) throws(DatasetError) in
      guard record.fields.count == first.fields.count else {
        throw .malformedManifest(
          path: path, line: record.line,
          detail: "expected \(first.fields.count) fields, found \(record.fields.count)")
      }
      return try row(record, layout)
    }
    return Contents(rows: rows, form: ManifestForm(layout, columns))
  }

  private func records(
    of text: String, _ separator: FieldSeparator
  ) throws(DatasetError) -> [DelimitedText.Record] {
    do throws(DelimitedText.Defect) {
      return try DelimitedText.records(of: text, delimiter: separator.byte)
    } catch {
      throw .malformedManifest(path: path, line: error.line, detail: error.reason)
    }
  }

  /// The records with a name for the column that all of them have beyond the names: the numbers of the rows, ahead, as R writes
  /// them, or nothing at all behind a last separator.
  private static func withEveryColumnNamed(_ records: [DelimitedText.Record]) -> [DelimitedText.Record] {
    guard let names = records.first, records.count > 1,
      records.dropFirst().allSatisfy({ $0.fields.count == names.fields.count + 1 })
    else { return records }
    let isLastEmpty = records.dropFirst().allSatisfy { $0.fields.last?.isEmpty ?? true }
    let fields = isLastEmpty ? names.fields + [""] : [""] + names.fields
    return [DelimitedText.Record(line: names.line, fields: fields)] + records.dropFirst()
  }

  private func row(_ record: DelimitedText.Record, _ layout: ManifestLayout) throws(DatasetError) -> Row {
    let field = { (index: Int) throws(DatasetError) -> String in
      guard !record.fields[index].isEmpty else {
        throw .malformedManifest(
          path: path, line: record.line,
          detail: "expected a value for '\(layout.names[index])', found nothing")
      }
      return record.fields[index]
    }
    let label: String? =
      switch layout.label {
      case .column(let index): try field(index)
      case .oneOf(let flags):
        try Self.marked(
          flags.filter { ManifestLayout.flag(record.fields[$0]) == true }.map { layout.names[$0] },
          flags.map { layout.names[$0] }, path, record.line)
      case nil: nil
      }
    let weight = try layout.weight.map { (index) throws(DatasetError) in
      try Self.weight(record.fields[index], layout.names[index], path, record.line)
    }
    let file = try field(layout.file)
    if let problem = Self.problem(inName: file) {
      throw .malformedManifest(path: path, line: record.line, detail: problem)
    }
    return Row(file: file, label: label?.escapingBytes, weight: weight)
  }

  /// The one name that is marked, of the classes that each have a column.
  static func marked(
    _ marked: [String], _ classes: [String], _ path: String, _ line: Int
  ) throws(DatasetError) -> String {
    guard marked.count == 1 else {
      throw .malformedManifest(
        path: path, line: line,
        detail:
          "expected one 1 in the columns of the classes (\(DatasetError.list(classes))), found \(marked.count); an "
          + "image has one class here"
      )
    }
    return marked[0]
  }

  /// What is wrong with the name of a file; nil where it may be looked for.
  static func problem(inName name: String) -> String? {
    name.utf8.contains(0) ? "expected the name of a file, found one with a zero byte in it" : nil
  }

  static func weight(
    _ field: String, _ column: String, _ path: String, _ line: Int
  ) throws(DatasetError) -> Float {
    guard let number = Float(field), number >= 0, number.isFinite else {
      throw .malformedManifest(
        path: path, line: line, detail: "expected a number of 0 or more for '\(column)', found '\(field)'")
    }
    return number
  }
}
