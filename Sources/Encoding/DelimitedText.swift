/// Comma-separated values as RFC 4180 has them.
package enum CSV {
  /// One record with its line end (CR LF); fields with commas, quotes or line breaks are quoted.
  package static func record(_ fields: [String]) -> String {
    fields.map(quotedIfNeeded).joined(separator: ",") + "\r\n"
  }

  private static func quotedIfNeeded(_ field: String) -> String {
    let special: [Unicode.Scalar] = [",", "\"", "\r", "\n"]
    guard field.unicodeScalars.contains(where: special.contains) else { return field }
    var quoted = String.UnicodeScalarView("\"".unicodeScalars)
    for scalar in field.unicodeScalars {
      if scalar == "\"" { quoted.append(scalar) }
      quoted.append(scalar)
    }
    quoted.append("\"")
    return String(quoted)
  }
}

/// Records of fields between delimiters, as RFC 4180 has them and as spreadsheets write them.
package struct DelimitedText {
  /// A record and the line it begins on, from 1.
  package struct Record: Equatable {
    package let line: Int
    package let fields: [String]

    package init(line: Int, fields: [String]) { (self.line, self.fields) = (line, fields) }
  }

  /// Something that is no such text, and where.
  package struct Defect: Error, Equatable {
    package let line: Int
    package let reason: String
  }

  private let bytes: [UInt8]
  private let delimiter: UInt8
  private var position = 0
  private var line = 1

  private static let (quote, newline, carriageReturn) = (
    UInt8(ascii: "\""), UInt8(ascii: "\n"), UInt8(ascii: "\r")
  )

  /// As many as spreadsheets have, and more.
  private static let mostFields = 65_536

  private init(_ text: String, delimiter: UInt8) {
    bytes = Array(text.utf8)
    self.delimiter = delimiter
  }

  /// All records but lines with nothing in them but space and delimiters, or the first `most` of them.
  ///
  /// Lines end as on Unix, on Windows, or with a carriage return alone, as on old systems of Apple.
  package static func records(
    of text: String, delimiter: UInt8 = 0x2C, atMost most: Int = .max
  ) throws(Defect) -> [Record] {
    var reader = DelimitedText(text, delimiter: delimiter)
    var records: [Record] = []
    while reader.position < reader.bytes.count, records.count < most {
      let record = try reader.record()
      if !record.fields.allSatisfy(Self.isBlank) { records.append(record) }
    }
    return records
  }

  private static func isBlank(_ field: String) -> Bool { field.utf8.allSatisfy { $0 == 0x20 || $0 == 0x09 } }

  private mutating func record() throws(Defect) -> Record {
    let start = line
    var fields: [String] = []
    repeat {
      guard fields.count < Self.mostFields else {
        throw Defect(line: start, reason: "expected at most \(Self.mostFields.grouped) fields, found more")
      }
      fields.append(try field())
    } while take(delimiter)
    let isEnded = take(Self.carriageReturn)
    guard take(Self.newline) || isEnded || position == bytes.count else {
      throw Defect(line: line, reason: "expected a delimiter or a line end after a closing quote")
    }
    return Record(line: start, fields: fields)
  }

  private mutating func field() throws(Defect) -> String {
    guard take(Self.quote) else { return plainField() }
    let start = line
    var content: [UInt8] = []
    while position < bytes.count {
      guard take(Self.quote) else {
        content.append(bytes[position])
        advance()
        continue
      }
      guard take(Self.quote) else { return String(decoding: content, as: UTF8.self) }
      content.append(Self.quote)
    }
    throw Defect(line: start, reason: "a quoted field never ends")
  }

  private mutating func plainField() -> String {
    let start = position
    while position < bytes.count {
      let byte = bytes[position]
      if byte == delimiter || byte == Self.newline || byte == Self.carriageReturn { break }
      position += 1
    }
    return String(decoding: bytes[start..<position], as: UTF8.self)
  }

  private mutating func take(_ byte: UInt8) -> Bool {
    guard position < bytes.count, bytes[position] == byte else { return false }
    advance()
    return true
  }

  private mutating func advance() {
    let byte = bytes[position]
    position += 1
    let isFirstOfTwo =
      byte == Self.carriageReturn && position < bytes.count && bytes[position] == Self.newline
    if byte == Self.newline || byte == Self.carriageReturn, !isFirstOfTwo { line += 1 }
  }
}
