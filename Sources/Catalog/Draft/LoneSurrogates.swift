/// Halves of surrogate pairs in strings of JSON, as `"\ud800"`: Python reads and writes them, and no Unicode text has them.
enum LoneSurrogates {
  /// A string as JSON writes it, with U+FFFD for every such half that stands alone.
  ///
  /// - Complexity: O(bytes).
  static func replaced(in string: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    var result = string
    var index = string.startIndex
    while index < string.endIndex {
      guard string[index] == UInt8(ascii: "\\") else {
        index += 1
        continue
      }
      guard let unit = unit(at: index, of: string), 0xD800...0xDFFF ~= unit else {
        index += 2
        continue
      }
      if unit < 0xDC00, let next = self.unit(at: index + 6, of: string), 0xDC00...0xDFFF ~= next {
        index += 12
        continue
      }
      result.replaceSubrange(index + 2..<index + 6, with: Array("FFFD".utf8))
      index += 6
    }
    return result
  }

  /// The number of the escape `\u1234` that begins at `index`; nil where there is none.
  private static func unit(at index: Int, of string: ArraySlice<UInt8>) -> Int? {
    guard index + 6 <= string.endIndex, string[index] == UInt8(ascii: "\\"),
      string[index + 1] == UInt8(ascii: "u")
    else { return nil }
    let digits = string[(index + 2)..<(index + 6)]
    guard digits.allSatisfy({ Character(UnicodeScalar($0)).isHexDigit }) else { return nil }
    return Int(String(decoding: digits, as: UTF8.self), radix: 16)
  }
}
