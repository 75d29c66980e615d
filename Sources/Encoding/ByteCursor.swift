/// Reads numbers and pieces of bytes from front to back; nil at the first that is not there in full.
package struct ByteCursor: Sendable {
  private let bytes: [UInt8]
  /// Where the next byte is taken.
  package private(set) var position = 0

  package init(_ bytes: [UInt8], at position: Int = 0) {
    self.bytes = bytes
    self.position = position
  }

  /// How many bytes are left.
  package var remaining: Int { bytes.count - position }

  /// The next `count` bytes.
  package mutating func take(_ count: Int) -> ArraySlice<UInt8>? {
    guard count >= 0, count <= remaining else { return nil }
    defer { position += count }
    return bytes[position..<position + count]
  }

  /// The next little-endian number.
  package mutating func number<Number: FixedWidthInteger & UnsignedInteger>(_: Number.Type) -> Number? {
    take(MemoryLayout<Number>.size).map { Number(littleEndian: $0) }
  }

  /// The next little-endian number, of 2 or 4 bytes, or nil beyond the end.
  package mutating func uint16() -> Int? { number(UInt16.self).map { Int($0) } }
  package mutating func uint32() -> Int? { number(UInt32.self).map { Int($0) } }
  /// The next 8 bytes' number; nil also where it leaves `Int`.
  package mutating func uint64() -> Int? { number(UInt64.self).flatMap { Int(exactly: $0) } }
}
