/// A value written as JSON on one line, the way entries are laid out: `{"kernel": [3, 3], "bias": true}`.
struct JSONText {
  let text: String

  static func text(_ value: String) -> JSONText { JSONText(text: "\"" + value.reduce("", escaped) + "\"") }

  static func integer(_ value: Int) -> JSONText { JSONText(text: String(value)) }

  static func flag(_ value: Bool) -> JSONText { JSONText(text: String(value)) }

  /// The shortest decimal that reads back as the same number; whole numbers without a fraction.
  static func number(_ value: Double) -> JSONText {
    if let whole = Int(exactly: value), whole.magnitude < 1 << 53 { return .integer(whole) }
    return JSONText(text: "\(value)")
  }

  /// As ``number(_:)``, in single precision: `103.939`.
  static func float(_ value: Float) -> JSONText {
    if let whole = Int(exactly: value) { return .integer(whole) }
    return JSONText(text: "\(value)")
  }

  static func list(_ values: [JSONText]) -> JSONText {
    JSONText(text: "[" + values.map(\.text).joined(separator: ", ") + "]")
  }

  static func extent(_ value: Extent) -> JSONText { .list([.integer(value.height), .integer(value.width)]) }

  static func insets(_ value: EdgeInsets) -> JSONText {
    .list([
      .extent(Extent(value.top, value.bottom)), .extent(Extent(value.left, value.right)),
    ])
  }

  static func object(_ members: [(String, JSONText)]) -> JSONText {
    let members = members.map { "\(JSONText.text($0).text): \($1.text)" }
    return JSONText(text: "{" + members.joined(separator: ", ") + "}")
  }

  private static func escaped(_ text: String, _ character: Character) -> String {
    switch character {
    case "\"": text + "\\\""
    case "\\": text + "\\\\"
    default: text + character.unicodeScalars.map(escaped).joined()
    }
  }

  private static func escaped(_ scalar: Unicode.Scalar) -> String {
    guard scalar.value < 0x20 else { return String(scalar) }
    let digits = String(scalar.value, radix: 16)
    return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
  }
}
