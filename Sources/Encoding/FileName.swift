/// Names of files as texts.
///
/// Systems keep names as bytes, and old archives leave some that are not UTF-8. A byte that is no part of a character stands in
/// a text as one scalar of a private plane, so that a name can be split, joined and compared as any text, and leads back to the
/// same bytes. People are shown `\xB9` (``Swift/String/escapingBytes``). Python does the same with its `surrogateescape`.
package enum FileName {
  /// The scalars for the bytes 0x80 to 0xFF, which no name has otherwise.
  private static let first: UInt32 = 0x10F780
  private static let last: UInt32 = 0x10F7FF

  /// A name of bytes as a text.
  package static func text(of bytes: [UInt8]) -> String {
    if let text = String(validating: bytes, as: UTF8.self), !text.hasBytes { return text }
    var text = String.UnicodeScalarView()
    var start = 0
    while start < bytes.count {
      let end = min(bytes.count, start + 4)
      let character = (start + 1...end).lazy.compactMap { end in
        String(validating: bytes[start..<end], as: UTF8.self)?.unicodeScalars.first
      }.first
      if let character, !isByte(character) {
        text.append(character)
        start += UTF8.width(character)
      } else {
        text.append(scalar(of: bytes[start]))
        start += 1
      }
    }
    return String(text)
  }

  /// The bytes of a name.
  package static func bytes(of text: String) -> [UInt8] {
    guard text.hasBytes else { return Array(text.utf8) }
    return text.unicodeScalars.flatMap { scalar in byte(of: scalar).map { [$0] } ?? Array(String(scalar).utf8)
    }
  }

  /// Python's order of names: by code points, bytes that are no characters behind U+DC00.
  package static func precedes(_ one: String, _ other: String) -> Bool {
    guard one.hasBytes || other.hasBytes else { return one.utf8.lexicographicallyPrecedes(other.utf8) }
    return rank(one).lexicographicallyPrecedes(rank(other))
  }

  private static func rank(_ text: String) -> [UInt32] {
    text.unicodeScalars.map { scalar in byte(of: scalar).map { 0xDC00 + UInt32($0) } ?? scalar.value }
  }

  fileprivate static func isByte(_ scalar: Unicode.Scalar) -> Bool { (first...last).contains(scalar.value) }

  /// The byte that a scalar stands for; nil for any other.
  package static func byte(of scalar: Unicode.Scalar) -> UInt8? {
    isByte(scalar) ? UInt8(truncatingIfNeeded: scalar.value - first + 0x80) : nil
  }

  private static func scalar(of byte: UInt8) -> Unicode.Scalar {
    byte < 0x80 ? Unicode.Scalar(byte) : Unicode.Scalar(first + UInt32(byte) - 0x80) ?? "\u{FFFD}"
  }
}

extension String {
  /// Whether it is the name of a file, or has one in it, that is not UTF-8.
  package var hasBytes: Bool {
    // All of the private scalars, and few others, begin with this byte of UTF-8.
    utf8.contains(0xF4) && unicodeScalars.contains(where: FileName.isByte)
  }

  /// The text with bytes that are no characters as `\xB9`.
  package var escapingBytes: String {
    guard hasBytes else { return self }
    var text = String.UnicodeScalarView()
    for scalar in unicodeScalars {
      if let byte = FileName.byte(of: scalar) {
        text += "\\x\(String(byte, radix: 16, uppercase: true))".unicodeScalars
      } else {
        text.append(scalar)
      }
    }
    return String(text)
  }
}
