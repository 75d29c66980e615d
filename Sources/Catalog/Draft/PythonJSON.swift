/// JSON as Python's `json` reads it: with `NaN`, `Infinity` and `-Infinity`, which `json.dumps` writes for numbers that are not finite
/// and JSON (RFC 8259) does not have, with infinity for numbers that are too large for a `Double`, with halves of surrogate pairs, which
/// become U+FFFD, and with nothing else.
enum PythonJSON {
  private static let numbers: [(word: String, value: Double)] = [
    ("-Infinity", -.infinity), ("Infinity", .infinity), ("NaN", .nan),
  ]
  /// What the strings begin with that stand for such numbers; no text of Keras's does.
  private static let mark = "\u{1}"

  /// The text as any reader of JSON reads it, with strings in the place of numbers that are not finite; nil for one with a word, a number
  /// or a comma that Python refuses, whatever other readers do.
  ///
  /// - Complexity: O(bytes).
  static func standard(_ json: String) -> String? {
    let bytes = Array(json.utf8)
    var text: [UInt8] = []
    text.reserveCapacity(bytes.count)
    var (index, last) = (0, UInt8(ascii: " "))
    while index < bytes.count {
      let byte = bytes[index]
      let end = byte == UInt8(ascii: "\"") ? endOfString(bytes, index) : endOfWord(bytes, index)
      if end == index {
        // A comma ahead of a bracket's end, or a key that is no string.
        if last == UInt8(ascii: ","), byte | 0x20 == UInt8(ascii: "}") { return nil }
        if byte == UInt8(ascii: ":"), last != UInt8(ascii: "\"") { return nil }
        text.append(byte)
        index += 1
      } else if byte == UInt8(ascii: "\"") {
        text += LoneSurrogates.replaced(in: bytes[index..<end])
        index = end
      } else {
        guard let word = standard(word: String(decoding: bytes[index..<end], as: UTF8.self)) else {
          return nil
        }
        text += Array(word.utf8)
        index = end
      }
      if byte > UInt8(ascii: " ") { last = byte }
    }
    return String(decoding: text, as: UTF8.self)
  }

  /// Where the string ends that begins at `start`, or the text.
  private static func endOfString(_ bytes: [UInt8], _ start: Int) -> Int {
    var index = start + 1
    while index < bytes.count, bytes[index] != UInt8(ascii: "\"") {
      index += bytes[index] == UInt8(ascii: "\\") ? 2 : 1
    }
    return min(index + 1, bytes.count)
  }

  /// Where the number or the name of a constant ends that begins at `start`; `start` where there is none.
  private static func endOfWord(_ bytes: [UInt8], _ start: Int) -> Int {
    bytes[start...].firstIndex { byte in
      let isLetter = UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte | 0x20
      let isDigit = UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte
      let isOther = byte == UInt8(ascii: "+") || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".")
      return !(isLetter || isDigit || isOther || byte == UInt8(ascii: "_") || byte >= 0x80)
    } ?? bytes.count
  }

  private static func standard(word: String) -> String? {
    if ["true", "false", "null"].contains(word) { return word }
    if numbers.contains(where: { $0.word == word }) { return quoted(word) }
    guard isNumber(Substring(word)), let number = Double(word) else { return nil }
    return number.isFinite ? word : quoted(self.word(for: number))
  }

  private static func quoted(_ word: String) -> String { "\"\\u0001\(word)\"" }

  /// Whether a text is `-12.5e+3` or a part of that which JSON has: no zero first, no point without digits, nothing hexadecimal.
  private static func isNumber(_ text: Substring) -> Bool {
    var rest = text
    func digits() -> Int {
      let digits = rest.utf8.prefix { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }.count
      rest = rest.dropFirst(digits)
      return digits
    }
    if rest.hasPrefix("-") { rest = rest.dropFirst() }
    let isZero = rest.hasPrefix("0")
    let whole = digits()
    guard whole > 0, !isZero || whole == 1 else { return false }
    if rest.hasPrefix(".") {
      rest = rest.dropFirst()
      guard digits() > 0 else { return false }
    }
    if rest.hasPrefix("e") || rest.hasPrefix("E") {
      rest = rest.dropFirst()
      if rest.hasPrefix("+") || rest.hasPrefix("-") { rest = rest.dropFirst() }
      guard digits() > 0 else { return false }
    }
    return rest.isEmpty
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
