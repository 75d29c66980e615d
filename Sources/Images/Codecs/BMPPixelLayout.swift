/// Where red, green and blue lie in a pixel of 16, 24 or 32 bits.
struct BMPPixelLayout {
  private struct Channel {
    let shift: UInt32
    let largest: UInt32

    /// Nil for a mask of another width than images have, or with a hole.
    init?(mask: UInt32) {
      shift = UInt32(mask.trailingZeroBitCount)
      guard shift < 32 else { return nil }
      largest = mask >> shift
      guard [31, 63, 255].contains(largest) else { return nil }
    }

    func value(_ pixel: UInt32) -> UInt8 { UInt8((pixel >> shift & largest) * 255 / largest) }
  }

  private let red: Channel
  private let green: Channel
  private let blue: Channel

  init(_ header: BMPHeader) throws(ImageDefect) {
    let masks =
      if header.compression == .none || header.masks.allSatisfy({ $0 == 0 }) {
        Self.usualMasks(bitsPerPixel: header.bitsPerPixel)
      } else {
        header.masks
      }
    guard let red = Channel(mask: masks[0]), let green = Channel(mask: masks[1]),
      let blue = Channel(mask: masks[2])
    else {
      throw .unsupported("the bit fields \(masks.map { String($0, radix: 16) }.joined(separator: ", "))")
    }
    (self.red, self.green, self.blue) = (red, green, blue)
  }

  private static func usualMasks(bitsPerPixel: Int) -> [UInt32] {
    bitsPerPixel == 16 ? [0x7C00, 0x3E0, 0x1F] : [0xFF0000, 0xFF00, 0xFF]
  }

  func color(_ pixel: UInt32) -> (UInt8, UInt8, UInt8) {
    (red.value(pixel), green.value(pixel), blue.value(pixel))
  }
}
