/// A Protocol Buffers message being written: fields in the order they are added
/// (<https://protobuf.dev/programming-guides/encoding>). Values equal to a field's default are written only
/// when the caller adds them.
package struct ProtocolBuffer {
  /// The message so far.
  package private(set) var bytes: [UInt8] = []

  private enum WireType: UInt64 {
    case variable = 0
    case eightBytes = 1
    case lengthDelimited = 2
    case fourBytes = 5
  }

  package init() {}

  /// A message with the fields that `fill` adds.
  package init(_ fill: (inout ProtocolBuffer) -> Void) { fill(&self) }

  /// Adds an integer or an enumeration; negative numbers take ten bytes, as `int64` has it.
  package mutating func add(_ field: UInt64, _ value: Int) {
    addTag(field, .variable)
    addVariable(UInt64(bitPattern: Int64(value)))
  }

  /// Adds a `double`.
  package mutating func add(_ field: UInt64, _ value: Double) {
    addTag(field, .eightBytes)
    bytes += value.bitPattern.littleEndianBytes
  }

  /// Adds a `float`.
  package mutating func add(_ field: UInt64, _ value: Float) {
    addTag(field, .fourBytes)
    bytes += value.bitPattern.littleEndianBytes
  }

  /// Adds `bytes`.
  package mutating func add(_ field: UInt64, _ value: [UInt8]) {
    addPrefix(field, byteCount: value.count)
    bytes += value
  }

  /// Adds a string.
  package mutating func add(_ field: UInt64, _ text: String) { add(field, Array(text.utf8)) }

  /// Adds a message within this one.
  package mutating func add(_ field: UInt64, _ fill: (inout ProtocolBuffer) -> Void) {
    add(field, ProtocolBuffer(fill).bytes)
  }

  /// What comes ahead of so many bytes that are written elsewhere, of a field of bytes or of a message.
  package mutating func addPrefix(_ field: UInt64, byteCount: Int) {
    addTag(field, .lengthDelimited)
    addVariable(UInt64(byteCount))
  }

  private mutating func addTag(_ field: UInt64, _ type: WireType) { addVariable(field << 3 | type.rawValue) }

  private mutating func addVariable(_ value: UInt64) {
    var rest = value
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }
}
