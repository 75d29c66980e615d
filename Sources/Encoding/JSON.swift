/// A JSON value to be written (RFC 8259); objects keep the order their members were given in.
///
/// Literals make the common cases short: `["name": "conv1", "shape": [7, 7, 3, 64]]`.
package enum JSON: Sendable {
  case null
  case boolean(Bool)
  case integer(Int)
  case number(Double)
  case string(String)
  case array([JSON])
  case object([(name: String, value: JSON)])

  /// A `Float` with as many digits as it needs, not as many as a `Double` would show.
  package init(_ number: Float) { self = .number(Double(number.description) ?? Double(number)) }

  /// A string, or null.
  package init(_ text: String?) { self = text.map(JSON.string) ?? .null }

  /// An integer, or null.
  package init(_ number: Int?) { self = number.map(JSON.integer) ?? .null }
}

extension JSON: ExpressibleByDictionaryLiteral, ExpressibleByArrayLiteral, ExpressibleByStringLiteral,
  ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral, ExpressibleByBooleanLiteral, ExpressibleByNilLiteral
{
  package init(dictionaryLiteral elements: (String, JSON)...) {
    self = .object(elements.map { (name: $0, value: $1) })
  }
  package init(arrayLiteral elements: JSON...) { self = .array(elements) }
  package init(stringLiteral value: String) { self = .string(value) }
  package init(integerLiteral value: Int) { self = .integer(value) }
  package init(floatLiteral value: Double) { self = .number(value) }
  package init(booleanLiteral value: Bool) { self = .boolean(value) }
  package init(nilLiteral: ()) { self = .null }
}

extension JSON {
  /// The text on one line.
  package var compact: String {
    switch self {
    case .array(let elements): "[\(elements.map(\.compact).joined(separator: ","))]"
    case .object(let members):
      "{\(members.map { "\(Self.quoted($0.name)):\($0.value.compact)" }.joined(separator: ","))}"
    default: scalar
    }
  }

  /// The text with a member a line, indented by two blanks; arrays of scalars stay on one line.
  package var pretty: String { pretty(margin: "") }

  private func pretty(margin: String) -> String {
    let inner = margin + "  "
    switch self {
    case .array(let elements) where elements.contains(where: \.hasChildren):
      let lines = elements.map { inner + $0.pretty(margin: inner) }
      return "[\n\(lines.joined(separator: ",\n"))\n\(margin)]"
    case .array(let elements): return "[\(elements.map(\.scalar).joined(separator: ", "))]"
    case .object(let members) where !members.isEmpty:
      let lines = members.map { "\(inner)\(Self.quoted($0.name)): \($0.value.pretty(margin: inner))" }
      return "{\n\(lines.joined(separator: ",\n"))\n\(margin)}"
    default: return scalar
    }
  }

  private var hasChildren: Bool {
    switch self {
    case .array, .object: true
    default: false
    }
  }

  /// The text of a value without children; JSON has no word for a number that is not finite, so null.
  private var scalar: String {
    switch self {
    case .null: "null"
    case .boolean(let value): value ? "true" : "false"
    case .integer(let value): String(value)
    case .number(let value): value.isFinite ? value.description : "null"
    case .string(let value): Self.quoted(value)
    case .array: "[]"
    case .object: "{}"
    }
  }

  /// A string literal with one spelling for every text: escaped are quotes, backslashes and control characters alone.
  /// Bytes of a name that are no characters are written as people are shown them.
  private static func quoted(_ text: String) -> String {
    var literal: [UInt8] = [UInt8(ascii: "\"")]
    for byte in text.escapingBytes.utf8 {
      switch byte {
      case UInt8(ascii: "\""): literal += Array("\\\"".utf8)
      case UInt8(ascii: "\\"): literal += Array("\\\\".utf8)
      case UInt8(ascii: "\n"): literal += Array("\\n".utf8)
      case 0..<0x20, 0x7F: literal += Array(("\\u00" + [byte].hexadecimal).utf8)
      default: literal.append(byte)
      }
    }
    literal.append(UInt8(ascii: "\""))
    return String(decoding: literal, as: UTF8.self)
  }
}

extension JSON {
  /// An object with its members in the order of their names' UTF-8 bytes.
  package static func sortedObject(_ members: [String: JSON]) -> JSON {
    .object(
      members.sorted { $0.key.precedesInBytes($1.key) }.map { (name: $0.key, value: $0.value) })
  }
}

extension String {
  /// The order of UTF-8 bytes, the same on every platform and in every locale.
  package func precedesInBytes(_ other: String) -> Bool { utf8.lexicographicallyPrecedes(other.utf8) }
}
