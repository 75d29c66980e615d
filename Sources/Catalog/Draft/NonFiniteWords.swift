/// `NaN`, `Infinity` and `-Infinity`, which Python's `json.dumps` writes for numbers that are not finite, and JSON (RFC 8259) does not
/// have.
enum NonFiniteWords {
  private static let numbers: [(word: String, value: Double)] = [
    ("-Infinity", -.infinity), ("Infinity", .infinity), ("NaN", .nan),
  ]
  /// What the strings begin with that stand for such numbers; no text of Keras's does.
  private static let mark = "\u{1}"

  /// The text with a string in the place of each of the words; nil for a text without them.
  static func quoted(in json: String) -> String? {
    guard json.contains("Infinity") || json.contains("NaN") else { return nil }
    let bytes = Array(json.utf8)
    var text: [UInt8] = []
    var (index, isInString) = (0, false)
    while index < bytes.count {
      if !isInString, let word = word(in: bytes, at: index) {
        text += Array("\"\\u0001\(word)\"".utf8)
        index += word.utf8.count
        continue
      }
      let byte = bytes[index]
      let isEscape = isInString && byte == UInt8(ascii: "\\")
      if byte == UInt8(ascii: "\"") { isInString.toggle() }
      text += bytes[index..<min(index + (isEscape ? 2 : 1), bytes.count)]
      index += isEscape ? 2 : 1
    }
    return String(decoding: text, as: UTF8.self)
  }

  private static func word(in bytes: [UInt8], at index: Int) -> String? {
    guard [UInt8(ascii: "-"), UInt8(ascii: "I"), UInt8(ascii: "N")].contains(bytes[index]) else { return nil }
    return numbers.first { bytes[index...].starts(with: $0.word.utf8) }?.word
  }

  /// The number for which a string stands.
  static func number(of text: String) -> Double? {
    guard text.hasPrefix(mark) else { return nil }
    return numbers.first { text.dropFirst() == $0.word }?.value
  }

  /// The word for a number that is not finite.
  static func word(for number: Double) -> String {
    number.isNaN ? "NaN" : number < 0 ? "-Infinity" : "Infinity"
  }
}
