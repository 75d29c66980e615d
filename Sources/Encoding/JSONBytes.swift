/// Bytes of names in JSON, which is a text: Python's `json` writes one that is no character as `\udcff`, half of a character, and reads
/// it as that (`surrogateescape`, `os.fsencode`). Most other readers refuse it, as they refuse the byte itself.
package enum JSONBytes {
  private static let backslash = UInt8(ascii: "\\")

  /// A string as a literal between quotes, in UTF-8.
  package static func literal(_ text: String) -> [UInt8] {
    var literal: [UInt8] = [UInt8(ascii: "\"")]
    for scalar in text.unicodeScalars {
      if let byte = FileName.byte(of: scalar) {
        literal += Array(("\\udc" + [byte].hexadecimal).utf8)
        continue
      }
      switch scalar.value {
      case 0x22, 0x5C: literal += [backslash, UInt8(truncatingIfNeeded: scalar.value)]
      case 0..<0x20, 0x7F:
        literal += Array(("\\u00" + [UInt8(truncatingIfNeeded: scalar.value)].hexadecimal).utf8)
      default: literal += Array(String(scalar).utf8)
      }
    }
    return literal + [UInt8(ascii: "\"")]
  }

  /// The same JSON with the bytes of names as ``FileName`` has them in a text.
  package static func unescaped(_ json: String) -> String {
    guard json.utf8.contains(backslash) else { return json }
    let bytes = Array(json.utf8)
    var (read, place, start): ([UInt8], Int, Int) = ([], 0, 0)
    while place < bytes.count {
      guard bytes[place] == backslash else {
        place += 1
        continue
      }
      let unit = unit(at: place, in: bytes)
      if let unit, 0xDC80...0xDCFF ~= unit {
        read += bytes[start..<place] + FileName.text(of: [UInt8(truncatingIfNeeded: unit)]).utf8
        start = place + 6
      }
      // The second half of a character goes with the first.
      let isFirstHalf = unit.map { 0xD800...0xDBFF ~= $0 } ?? false
      let isPair = isFirstHalf && self.unit(at: place + 6, in: bytes).map { 0xDC00...0xDFFF ~= $0 } ?? false
      place += isPair ? 12 : unit == nil ? 2 : 6
    }
    return start == 0 ? json : String(decoding: read + bytes[min(start, bytes.count)...], as: UTF8.self)
  }

  /// The number that is written behind `\u` in four digits; nil where something else is.
  private static func unit(at place: Int, in bytes: [UInt8]) -> UInt32? {
    guard place + 6 <= bytes.count, bytes[place] == backslash, bytes[place + 1] == UInt8(ascii: "u") else {
      return nil
    }
    let digits = bytes[place + 2..<place + 6]
    guard digits.allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit }) else { return nil }
    return UInt32(String(decoding: digits, as: UTF8.self), radix: 16)
  }
}
