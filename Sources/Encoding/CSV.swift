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
