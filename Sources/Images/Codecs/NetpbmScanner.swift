/// The tokens of a Netpbm file: decimal numbers between white space and `#` comments.
struct NetpbmScanner {
  /// The next byte; after a number, the one behind the single white-space byte that ends it.
  private(set) var offset: Int

  /// No value in these files needs more digits.
  private static let digitLimit = 10

  init(offset: Int) { self.offset = offset }

  mutating func number(_ bytes: Span<UInt8>) throws(ImageDefect) -> Int {
    skipSpace(bytes)
    var (value, digits) = (0, 0)
    while offset < bytes.count, let digit = bytes[offset].decimalDigit {
      value = 10 * value + digit
      digits += 1
      offset += 1
      guard digits <= Self.digitLimit else { throw .malformed("a number of more than 10 digits") }
    }
    guard digits > 0 else { throw unexpected(bytes) }
    guard offset < bytes.count else { return value }
    if bytes[offset] == UInt8(ascii: "#") {
      skipComment(bytes)
    } else if bytes[offset].isNetpbmSpace {
      offset += 1
    } else {
      throw unexpected(bytes)
    }
    return value
  }

  mutating func bit(_ bytes: Span<UInt8>) throws(ImageDefect) -> Bool {
    skipSpace(bytes)
    guard offset < bytes.count, let digit = bytes[offset].decimalDigit, digit <= 1 else {
      throw unexpected(bytes)
    }
    offset += 1
    return digit == 1
  }

  private mutating func skipSpace(_ bytes: Span<UInt8>) {
    while offset < bytes.count {
      if bytes[offset] == UInt8(ascii: "#") {
        skipComment(bytes)
      } else if bytes[offset].isNetpbmSpace {
        offset += 1
      } else {
        return
      }
    }
  }

  private mutating func skipComment(_ bytes: Span<UInt8>) {
    while offset < bytes.count, bytes[offset] != 0x0A, bytes[offset] != 0x0D { offset += 1 }
    offset = min(offset + 1, bytes.count)
  }

  private func unexpected(_ bytes: Span<UInt8>) -> ImageDefect {
    guard offset < bytes.count else { return .truncated("the bytes end where a number should be") }
    return .malformed("expected a number at byte \(offset), found byte value \(bytes[offset])")
  }
}

extension UInt8 {
  var isNetpbmSpace: Bool { self == 0x20 || 0x09...0x0D ~= self }

  fileprivate var decimalDigit: Int? {
    UInt8(ascii: "0")...UInt8(ascii: "9") ~= self ? Int(self - UInt8(ascii: "0")) : nil
  }
}
