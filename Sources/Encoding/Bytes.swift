extension FixedWidthInteger where Self: UnsignedInteger {
  /// The number whose lowest byte is the first of `bytes`, which are at most as many as it has.
  package init(littleEndian bytes: ArraySlice<UInt8>) {
    self = bytes.reversed().reduce(0) { $0 << 8 | Self($1) }
  }

  /// The bytes of the number, the lowest first.
  package var littleEndianBytes: [UInt8] {
    (0..<bitWidth / 8).map { UInt8(truncatingIfNeeded: self >> (8 * Self($0))) }
  }
}

extension [UInt8] {
  /// Two lower-case hexadecimal digits a byte.
  package var hexadecimal: String {
    let digits = Array("0123456789abcdef".utf8)
    return String(decoding: flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
  }
}

extension UInt32 {
  /// Eight lower-case hexadecimal digits.
  package var hexadecimal: String { Array(littleEndianBytes.reversed()).hexadecimal }
}

extension String {
  /// Whether the text is `count` lower-case hexadecimal digits.
  package func isHexadecimal(count: Int) -> Bool {
    utf8.count == count
      && utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
  }
}
