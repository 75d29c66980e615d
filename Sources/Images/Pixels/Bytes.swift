extension Span<UInt8> {
  /// The 16-bit number at `offset`, or nil where there are not that many bytes.
  func littleEndian16(at offset: Int) -> UInt16? {
    guard offset >= 0, offset <= count - 2 else { return nil }
    return UInt16(self[offset]) | UInt16(self[offset + 1]) << 8
  }

  func bigEndian16(at offset: Int) -> UInt16? { littleEndian16(at: offset)?.byteSwapped }

  func littleEndian32(at offset: Int) -> UInt32? {
    guard let low = littleEndian16(at: offset), let high = littleEndian16(at: offset + 2) else { return nil }
    return UInt32(low) | UInt32(high) << 16
  }

  func bigEndian32(at offset: Int) -> UInt32? { littleEndian32(at: offset)?.byteSwapped }
}
