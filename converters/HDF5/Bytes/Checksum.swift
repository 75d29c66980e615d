/// The two checksums of the format.
package enum Checksum {
  /// Bob Jenkins's `lookup3`, with 0 to begin with: guards structures.
  package static func lookup3(_ bytes: ArraySlice<UInt8>) -> UInt32 {
    var state = Jenkins(byteCount: bytes.count)
    var index = bytes.startIndex
    while bytes.endIndex - index > 12 {
      state.add(word(bytes, index), word(bytes, index + 4), word(bytes, index + 8))
      state.mix()
      index += 12
    }
    guard index < bytes.endIndex else { return state.c }
    state.add(word(bytes, index), word(bytes, index + 4), word(bytes, index + 8))
    state.finish()
    return state.c
  }

  /// The little-endian number at `index`, as if zeros followed the end.
  private static func word(_ bytes: ArraySlice<UInt8>, _ index: Int) -> UInt32 {
    var value: UInt32 = 0
    for offset in 0..<max(0, min(4, bytes.endIndex - index)) {
      value |= UInt32(bytes[index + offset]) << UInt32(8 * offset)
    }
    return value
  }

  /// Fletcher's checksum over big-endian words of 16 bits: guards chunks of elements.
  static func fletcher32(_ bytes: ArraySlice<UInt8>) -> UInt32 {
    var (first, second): (UInt32, UInt32) = (0, 0)
    var index = bytes.startIndex
    while index < bytes.endIndex {
      // So many words cannot overflow the sums.
      let end = min(bytes.endIndex, index + 720)
      while index < end {
        let low = index + 1 < bytes.endIndex ? UInt32(bytes[index + 1]) : 0
        first &+= UInt32(bytes[index]) << 8 | low
        second &+= first
        index += 2
      }
      first = first & 0xFFFF &+ first >> 16
      second = second & 0xFFFF &+ second >> 16
    }
    first = first & 0xFFFF &+ first >> 16
    second = second & 0xFFFF &+ second >> 16
    return second << 16 | first
  }
}

/// The state of `lookup3`.
private struct Jenkins {
  var a, b, c: UInt32

  init(byteCount: Int) {
    a = 0xDEAD_BEEF &+ UInt32(truncatingIfNeeded: byteCount)
    (b, c) = (a, a)
  }

  mutating func add(_ first: UInt32, _ second: UInt32, _ third: UInt32) {
    a &+= first
    b &+= second
    c &+= third
  }

  private func rotated(_ value: UInt32, _ bits: UInt32) -> UInt32 { value << bits | value >> (32 - bits) }

  mutating func mix() {
    a = (a &- c) ^ rotated(c, 4)
    c &+= b
    b = (b &- a) ^ rotated(a, 6)
    a &+= c
    c = (c &- b) ^ rotated(b, 8)
    b &+= a
    a = (a &- c) ^ rotated(c, 16)
    c &+= b
    b = (b &- a) ^ rotated(a, 19)
    a &+= c
    c = (c &- b) ^ rotated(b, 4)
    b &+= a
  }

  mutating func finish() {
    c = (c ^ b) &- rotated(b, 14)
    a = (a ^ c) &- rotated(c, 11)
    b = (b ^ a) &- rotated(a, 25)
    c = (c ^ b) &- rotated(b, 16)
    a = (a ^ c) &- rotated(c, 4)
    b = (b ^ a) &- rotated(a, 14)
    c = (c ^ b) &- rotated(b, 24)
  }
}
