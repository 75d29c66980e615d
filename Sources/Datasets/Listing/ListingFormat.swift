import Encoding
import Foundation

/// An image of a listing, as its line has it.
struct ListingRow: Codable, Equatable {
  /// The file, from the listing's folder or with a slash ahead; of an archive with the path inside it behind.
  var file: String
  var label: String?
  var byteCount: Int?
  var sha256: String?

  enum CodingKeys: String, CodingKey, CaseIterable {
    case file = "filename"
    case label = "class"
    case byteCount = "size"
    case sha256
  }
}

/// How the lines of a listing are written, by the ending of its name.
enum ListingFormat {
  /// A JSON object a line.
  case lines
  /// Comma-separated values under a line of names.
  case commaSeparated

  init(_ path: String) throws(ListingError) {
    switch Dataset.manifestKind(of: path) {
    case .lines: self = .lines
    case .delimited(.comma): self = .commaSeparated
    case .delimited, nil: throw .ending(path: path)
    }
  }

  /// What stands ahead of all rows.
  func heading(_ columns: [ListingRow.CodingKeys]) -> [UInt8] {
    switch self {
    case .lines: []
    case .commaSeparated: Array(CSV.record(columns.map(\.rawValue)).utf8)
    }
  }

  /// A row with the end of its line; bytes of a name that are no characters stay what they are in comma-separated values, and are
  /// escaped in JSON.
  func line(
    of row: ListingRow, _ columns: [ListingRow.CodingKeys], _ path: String
  ) throws(ListingError) -> [UInt8] {
    switch self {
    case .lines: return Self.object(row, columns)
    case .commaSeparated:
      let fields = columns.map { Self.text(row, $0) ?? "" }
      if fields.contains(where: { $0.utf8.contains(where: Self.endsLine) }) {
        throw .lineBreak(path: path, name: row.file)
      }
      return FileName.bytes(of: CSV.record(fields))
    }
  }

  /// The rows of a block of lines.
  func rows(of block: [UInt8], hasClasses: Bool, _ path: String) throws(ListingError) -> [ListingRow] {
    switch self {
    case .lines:
      return try block.split(separator: UInt8(ascii: "\n")).map { (line) throws(ListingError) in
        let text = JSONBytes.unescaped(FileName.text(of: Array(line)))
        guard JSONBudget.problem(with: text) == nil,
          let row = try? JSONDecoder().decode(ListingRow.self, from: Data(text.utf8))
        else { throw .malformed(path: path, reason: "expected a JSON object a line, found something else") }
        return row
      }
    case .commaSeparated:
      let records: [DelimitedText.Record]
      do throws(DelimitedText.Defect) {
        records = try DelimitedText.records(of: FileName.text(of: block), delimiter: UInt8(ascii: ","))
      } catch {
        throw .malformed(path: path, reason: error.reason)
      }
      return try records.map { (record) throws(ListingError) in try Self.row(record.fields, hasClasses, path)
      }
    }
  }

  private static func row(
    _ fields: [String], _ hasClasses: Bool, _ path: String
  ) throws(ListingError) -> ListingRow {
    let columns = ListingColumns.all(hasClasses: hasClasses, hasDigests: fields.count > (hasClasses ? 3 : 2))
    guard fields.count == columns.count else {
      throw .malformed(path: path, reason: "expected \(columns.count) fields, found \(fields.count)")
    }
    var row = ListingRow(file: fields[0])
    for (column, field) in zip(columns, fields) where !field.isEmpty {
      switch column {
      case .file: row.file = field
      case .label: row.label = field
      case .byteCount: row.byteCount = Int(field)
      case .sha256: row.sha256 = field
      }
    }
    return row
  }

  private static func text(_ row: ListingRow, _ column: ListingRow.CodingKeys) -> String? {
    switch column {
    case .file: row.file
    case .label: row.label
    case .byteCount: row.byteCount.map(String.init)
    case .sha256: row.sha256
    }
  }

  private static func object(_ row: ListingRow, _ columns: [ListingRow.CodingKeys]) -> [UInt8] {
    var line: [UInt8] = [UInt8(ascii: "{")]
    for column in columns {
      if line.count > 1 { line.append(UInt8(ascii: ",")) }
      line += Array("\"\(column.rawValue)\":".utf8)
      let value = text(row, column)
      if column == .byteCount || value == nil {
        line += Array((value ?? "null").utf8)
      } else {
        line += JSONBytes.literal(value ?? "")
      }
    }
    return line + Array("}\n".utf8)
  }

  private static func endsLine(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r")
  }
}

/// What a listing says of its images.
enum ListingColumns {
  static func all(hasClasses: Bool, hasDigests: Bool) -> [ListingRow.CodingKeys] {
    [.file] + (hasClasses ? [.label] : []) + [.byteCount] + (hasDigests ? [.sha256] : [])
  }
}
