/// Windows bitmaps of 1, 4, 8 (palette, run-length or not), 16, 24 and 32 bits a pixel; alpha is dropped.
struct BMPDecoder {
  private let header: BMPHeader

  init(_ bytes: Span<UInt8>, limits: DecodingLimits) throws(ImageDefect) {
    header = try BMPHeader(bytes)
    try limits.check(width: header.width, height: header.height, byteCount: bytes.count)
  }

  func decode(_ bytes: Span<UInt8>) throws(ImageDefect) -> Bitmap {
    let pixels: [UInt8]
    switch header.compression {
    case .runLength8, .runLength4:
      let indices = try BMPRunLength(header).indices(bytes)
      pixels = self.pixels { y, x in color(ofIndex: Int(indices[y * header.width + x])) }
    case .none, .bitFields:
      let needed = header.dataOffset + header.stride * header.height
      guard needed <= bytes.count else {
        throw .truncated("\(header.width)x\(header.height) pixels need \(needed) bytes, found \(bytes.count)")
      }
      pixels = header.bitsPerPixel <= 8 ? indexed(bytes) : try direct(bytes)
    }
    return Bitmap(width: header.width, height: header.height, samples: pixels)
  }

  private typealias Color = (UInt8, UInt8, UInt8)

  private func color(ofIndex index: Int) -> Color {
    (header.palette[3 * index], header.palette[3 * index + 1], header.palette[3 * index + 2])
  }

  private func indexed(_ bytes: Span<UInt8>) -> [UInt8] {
    let bits = header.bitsPerPixel
    let mask = UInt8(truncatingIfNeeded: (1 << bits) - 1)
    return pixels { y, x in
      let byte = bytes[header.dataOffset + y * header.stride + x * bits / 8]
      let shift = 8 - bits - x * bits % 8
      return color(ofIndex: Int(byte >> UInt8(shift) & mask))
    }
  }

  private func direct(_ bytes: Span<UInt8>) throws(ImageDefect) -> [UInt8] {
    let layout = try BMPPixelLayout(header)
    let size = header.bitsPerPixel / 8
    return pixels { y, x in
      let offset = header.dataOffset + y * header.stride + x * size
      var pixel: UInt32 = 0
      for index in 0..<size { pixel |= UInt32(bytes[offset + index]) << UInt32(8 * index) }
      return layout.color(pixel)
    }
  }

  /// Collects colors from the top row down; `color` is asked by stored row, the last of which is the top one
  /// unless the header says otherwise.
  private func pixels(_ color: (_ storedRow: Int, _ column: Int) -> Color) -> [UInt8] {
    [UInt8](capacity: 3 * header.width * header.height) { pixels in
      for y in 0..<header.height {
        let storedRow = header.isTopDown ? y : header.height - 1 - y
        for x in 0..<header.width {
          let (red, green, blue) = color(storedRow, x)
          pixels.append(red)
          pixels.append(green)
          pixels.append(blue)
        }
      }
    }
  }
}
