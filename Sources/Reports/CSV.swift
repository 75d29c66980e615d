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

  /// The records of `text`, with or without quotes; nil when a quote is never closed or stands in a field's middle.
  package static func records(of text: String) -> [[String]]? {
    var records: [[String]] = []
    var fields: [String] = []
    var rest = text.unicodeScalars[...]
    while !rest.isEmpty {
      guard let field = takeField(&rest) else { return nil }
      fields.append(field)
      let separator = rest.popFirst()
      if separator == "," {
        guard rest.isEmpty else { continue }
        fields.append("")
      } else if separator == "\r", rest.first == "\n" {
        rest.removeFirst()
      }
      records.append(fields)
      fields = []
    }
    return records
  }

  /// Takes a field up to the comma or line end behind it.
  private static func takeField(_ rest: inout Substring.UnicodeScalarView) -> String? {
    let ends: (Unicode.Scalar) -> Bool = { $0 == "," || $0 == "\r" || $0 == "\n" }
    guard rest.first == "\"" else {
      let field = rest.prefix { !ends($0) }
      rest = rest.dropFirst(field.count)
      return field.contains("\"") ? nil : String(field)
    }
    rest.removeFirst()
    var field = String.UnicodeScalarView()
    while let scalar = rest.popFirst() {
      if scalar == "\"" {
        guard rest.first == "\"" else { return rest.first.map(ends) ?? true ? String(field) : nil }
        rest.removeFirst()
      }
      field.append(scalar)
    }
    return nil
  }
}
