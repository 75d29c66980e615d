/// Run-length compressed bitmaps of 4 and 8 bits a pixel, into palette indices, stored row by stored row.
///
/// Runs are cut at the end of their row; what an explicit end-of-bitmap mark leaves out stays index 0.
struct BMPRunLength {
  private let header: BMPHeader
  private let isNibbles: Bool
  private var offset: Int
  private var x = 0
  private var y = 0
  private var indices: [UInt8]

  init(_ header: BMPHeader) {
    self.header = header
    isNibbles = header.compression == .runLength4
    offset = header.dataOffset
    indices = [UInt8](repeating: 0, count: header.width * header.height)
  }

  consuming func indices(_ bytes: Span<UInt8>) throws(ImageDefect) -> [UInt8] {
    while y < header.height {
      let (count, value) = (try next(bytes), try next(bytes))
      switch (count, value) {
      case (0, 0): (x, y) = (0, y + 1)
      case (0, 1): return indices
      case (0, 2):
        x += Int(try next(bytes))
        y += Int(try next(bytes))
      case (0, _): try copy(Int(value), bytes)
      default: for position in 0..<Int(count) { put(pixel(value, position)) }
      }
      if y == header.height - 1, x >= header.width { break }
    }
    return indices
  }

  private mutating func next(_ bytes: Span<UInt8>) throws(ImageDefect) -> UInt8 {
    guard offset < bytes.count else { throw .truncated("the bytes end at row \(y) of \(header.height)") }
    offset += 1
    return bytes[offset - 1]
  }

  /// Pixels stored one by one, padded to an even offset.
  private mutating func copy(_ count: Int, _ bytes: Span<UInt8>) throws(ImageDefect) {
    var byte: UInt8 = 0
    for position in 0..<count {
      if !isNibbles || position % 2 == 0 { byte = try next(bytes) }
      put(pixel(byte, position))
    }
    if offset % 2 == 1 { offset += 1 }
  }

  private func pixel(_ byte: UInt8, _ position: Int) -> UInt8 {
    guard isNibbles else { return byte }
    return position % 2 == 0 ? byte >> 4 : byte & 0xF
  }

  private mutating func put(_ index: UInt8) {
    if x < header.width, y < header.height { indices[y * header.width + x] = index }
    x += 1
  }
}
