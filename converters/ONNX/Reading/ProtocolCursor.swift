import Files

/// A place in a message of Protocol Buffers in a file, which is read field by field and never as a whole.
///
/// Every length is checked against the message it stands in; numbers of more than ten bytes and groups are errors.
struct ProtocolCursor {
  /// A field's number, and what it holds.
  struct Field {
    enum Content {
      /// An integer of a variable number of bytes.
      case number(UInt64)
      /// Eight bytes, or four.
      case eightBytes(UInt64)
      case fourBytes(UInt32)
      /// Bytes, a text, a message or packed numbers, by where they lie in the file.
      case bytes(Range<Int>)
    }

    var number: UInt64
    var content: Content
  }

  private let window: ByteWindow
  private(set) var offset: Int
  private let end: Int

  init(_ window: ByteWindow, _ range: Range<Int>) {
    (self.window, offset, end) = (window, range.lowerBound, range.upperBound)
  }

  /// Whether nothing is left.
  var isAtEnd: Bool { offset >= end }

  /// The next field; nil at the end.
  mutating func next() throws(ONNXModelError) -> Field? {
    guard !isAtEnd else { return nil }
    let start = offset
    let tag = try number()
    guard tag >> 3 > 0, tag >> 3 < 1 << 29 else { throw damage("a field without a number", start) }
    let content: Field.Content =
      switch tag & 7 {
      case 0: .number(try number())
      case 1: .eightBytes(try fixed(8))
      case 2: .bytes(try bytes())
      case 5: .fourBytes(UInt32(truncatingIfNeeded: try fixed(4)))
      default: throw damage("a group, or a field of no known kind", start)
      }
    return Field(number: tag >> 3, content: content)
  }

  /// An integer of seven bits a byte, the lowest first.
  mutating func number() throws(ONNXModelError) -> UInt64 {
    var value: UInt64 = 0
    let start = offset
    for shift in stride(from: 0 as UInt64, to: 70, by: 7) {
      guard offset < end else { throw damage("a number that is cut off", start) }
      let byte = try window.byte(at: offset)
      offset += 1
      guard shift < 63 || byte & 0x7F <= 1 else { throw damage("a number of more than 64 bits", start) }
      value |= UInt64(byte & 0x7F) << shift
      if byte < 0x80 { return value }
    }
    throw damage("a number of more than ten bytes", start)
  }

  /// An integer of `count` bytes, the lowest first.
  mutating func fixed(_ count: Int) throws(ONNXModelError) -> UInt64 {
    guard count <= end - offset else { throw damage("a number that is cut off", offset) }
    var value: UInt64 = 0
    for place in 0..<count { value |= UInt64(try window.byte(at: offset + place)) << UInt64(8 * place) }
    offset += count
    return value
  }

  private mutating func bytes() throws(ONNXModelError) -> Range<Int> {
    let start = offset
    let length = try number()
    guard length <= UInt64(end - offset) else {
      throw damage("\(length) bytes where \(end - offset) are left", start)
    }
    let range = offset..<offset + Int(length)
    offset = range.upperBound
    return range
  }

  private func damage(_ what: String, _ place: Int) -> ONNXModelError {
    .damaged(place: window.bytes.name, reason: "\(what) at byte \(place)")
  }
}

/// Bytes of a file near the place where they were last read.
final class ByteWindow {
  let bytes: FileBytes
  private var start = 0
  private var near: [UInt8] = []
  private static let length = 1 << 16

  init(_ bytes: FileBytes) { self.bytes = bytes }

  func byte(at offset: Int) throws(ONNXModelError) -> UInt8 {
    if offset < start || offset - start >= near.count {
      let count = min(Self.length, bytes.byteCount - offset)
      near = try readingModel { () throws(FileError) in try bytes.bytes(at: offset, count: count) }
      start = offset
    }
    guard near.indices.contains(offset - start) else {
      throw .damaged(place: bytes.name, reason: "nothing at byte \(offset)")
    }
    return near[offset - start]
  }

  func copy(_ range: Range<Int>) throws(ONNXModelError) -> [UInt8] {
    if range.lowerBound >= start, range.upperBound <= start + near.count {
      return Array(near[range.lowerBound - start..<range.upperBound - start])
    }
    return try readingModel { () throws(FileError) in
      try bytes.bytes(at: range.lowerBound, count: range.count)
    }
  }
}
