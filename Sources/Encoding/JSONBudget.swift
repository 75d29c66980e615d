/// What a JSON text may ask of a parser, which takes some 60 bytes and a microsecond for every value: strangers' texts are
/// counted before they are parsed, so that memory and time stay in proportion to their size.
package enum JSONBudget {
  /// The most values and names a text of `byteCount` bytes may hold: many in a small text, one in `bytesPerValue` bytes of a
  /// large one.
  package static func limit(byteCount: Int, bytesPerValue: Int = 32) -> Int {
    1 << 18 + byteCount / bytesPerValue
  }

  /// How many values and names a text holds, told by the commas, colons and brackets outside its strings.
  ///
  /// - Complexity: O(bytes).
  package static func valueCount(of text: [UInt8]) -> Int {
    var (count, isInString, isEscaped) = (0, false, false)
    for byte in text {
      if isEscaped {
        isEscaped = false
      } else if isInString {
        isEscaped = byte == UInt8(ascii: "\\")
        isInString = byte != UInt8(ascii: "\"")
      } else if byte == UInt8(ascii: "\"") {
        isInString = true
      } else if byte == UInt8(ascii: ",") || byte == UInt8(ascii: ":") || byte | 0x20 == UInt8(ascii: "{") {
        // "[" differs from "{" by that bit alone.
        count += 1
      }
    }
    return count
  }

  /// What is wrong with a text that holds too much; nil for one that may be parsed.
  package static func problem(with text: String, bytesPerValue: Int = 32) -> String? {
    let (count, limit) = (
      valueCount(of: Array(text.utf8)), limit(byteCount: text.utf8.count, bytesPerValue: bytesPerValue)
    )
    return count <= limit
      ? nil : "expected at most \(limit.grouped) values and names in so many bytes, found \(count.grouped)"
  }
}
