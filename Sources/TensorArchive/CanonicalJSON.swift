/// JSON text with one spelling for every value: no white space, members in the given order.
enum CanonicalJSON {
  /// A string literal. Escaped are only quotes, backslashes and control characters.
  static func string(_ text: String) -> String {
    var literal: [UInt8] = [UInt8(ascii: "\"")]
    for byte in text.utf8 {
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

  /// An object; values are JSON texts.
  static func object(_ members: [(key: String, value: String)]) -> String {
    "{" + members.map { string($0.key) + ":" + $0.value }.joined(separator: ",") + "}"
  }

  /// An object with its members in the order of their keys' UTF-8 bytes.
  static func sortedObject(_ members: [(key: String, value: String)]) -> String {
    object(members.sorted { $0.key.precedesInBytes($1.key) })
  }

  /// An array of whole numbers.
  static func array(_ numbers: [Int]) -> String {
    "[" + numbers.map(String.init).joined(separator: ",") + "]"
  }
}

extension String {
  /// The order of UTF-8 bytes, the same on every platform and in every locale.
  func precedesInBytes(_ other: String) -> Bool { utf8.lexicographicallyPrecedes(other.utf8) }
}
