extension Orientation {
  /// The orientation a JPEG (APP1), PNG (eXIf) or WebP (EXIF) states; upright when it states none or nonsense.
  package init(exifIn bytes: Span<UInt8>, format: ImageFormat) {
    let block: Range<Int>? =
      switch format {
      case .jpeg: Self.jpegExif(bytes)
      case .png: Self.pngExif(bytes)
      case .webp: Self.webpExif(bytes)
      // A TIFF is turned by its decoder, as Pillow turns it.
      case .bmp, .netpbm, .tiff: nil
      }
    self = block.flatMap { Self.value(inTIFF: bytes.extracting($0)) } ?? .upright
  }

  /// The TIFF structure inside the first Exif segment before the image data.
  private static func jpegExif(_ bytes: Span<UInt8>) -> Range<Int>? {
    var offset = 2
    while offset + 4 <= bytes.count, bytes[offset] == 0xFF {
      let marker = bytes[offset + 1]
      if marker == 0xFF {
        offset += 1
        continue
      }
      guard marker != 0xDA, marker != 0xD9, let length = bytes.bigEndian16(at: offset + 2), length >= 2 else {
        return nil
      }
      let end = offset + 2 + Int(length)
      guard end <= bytes.count else { return nil }
      if marker == 0xE1, bytes.starts(with: "Exif\0\0", at: offset + 4) {
        return offset + 10..<max(end, offset + 10)
      }
      offset = end
    }
    return nil
  }

  private static func pngExif(_ bytes: Span<UInt8>) -> Range<Int>? {
    var offset = 8
    while let length = bytes.bigEndian32(at: offset), Int(length) <= bytes.count - offset - 8 {
      let body = offset + 8..<offset + 8 + Int(length)
      if bytes.starts(with: "eXIf", at: offset + 4) { return body }
      offset = body.upperBound + 4
    }
    return nil
  }

  private static func webpExif(_ bytes: Span<UInt8>) -> Range<Int>? {
    var offset = 12
    while let length = bytes.littleEndian32(at: offset + 4), Int(length) <= bytes.count - offset - 8 {
      let body = offset + 8..<offset + 8 + Int(length)
      if bytes.starts(with: "EXIF", at: offset) {
        return body.count > 6 && bytes.starts(with: "Exif\0\0", at: body.lowerBound)
          ? body.dropFirst(6) : body
      }
      offset = body.upperBound + body.count % 2
    }
    return nil
  }

  /// Tag 0x0112 of the first directory, a short.
  private static func value(inTIFF tiff: Span<UInt8>) -> Orientation? {
    let isLittle = tiff.starts(with: "II")
    guard isLittle || tiff.starts(with: "MM") else { return nil }
    func short(_ offset: Int) -> UInt16? {
      isLittle ? tiff.littleEndian16(at: offset) : tiff.bigEndian16(at: offset)
    }
    func long(_ offset: Int) -> UInt32? {
      isLittle ? tiff.littleEndian32(at: offset) : tiff.bigEndian32(at: offset)
    }
    guard let directory = long(4).map(Int.init), let count = short(directory) else { return nil }
    for index in 0..<Int(count) {
      let entry = directory + 2 + 12 * index
      guard let tag = short(entry) else { return nil }
      if tag == 0x0112 { return short(entry + 8).flatMap(Orientation.init) }
    }
    return nil
  }
}
