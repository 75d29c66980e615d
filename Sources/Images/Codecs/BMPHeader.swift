/// What the two headers of a Windows bitmap say (`BITMAPCOREHEADER` to `BITMAPV5HEADER`).
struct BMPHeader {
  enum Compression: UInt32 { case none = 0, runLength8, runLength4, bitFields }

  let width: Int
  let height: Int
  let isTopDown: Bool
  let bitsPerPixel: Int
  let compression: Compression
  /// Masks of red, green and blue in a pixel of 16, 24 or 32 bits; only with bit fields.
  let masks: [UInt32]
  /// `bitsPerPixel` 8 or less: 3 bytes an entry, RGB, 256 entries.
  let palette: [UInt8]
  let dataOffset: Int

  /// The bytes of one row of pixels: rows are padded to 4.
  var stride: Int { (width * bitsPerPixel + 31) / 32 * 4 }

  private static let fileHeaderSize = 14
  private static let infoSizes: [Int] = [40, 52, 56, 64, 108, 124]

  init(_ bytes: Span<UInt8>) throws(ImageDefect) {
    let fields = Fields(bytes: Array(bytes, upTo: 256))
    let size = Int(try fields.long(14))
    let isCore = size == 12
    guard isCore || Self.infoSizes.contains(size) else { throw .unsupported("a header of \(size) bytes") }
    width = isCore ? Int(try fields.short(18)) : Int(Int32(bitPattern: try fields.long(18)))
    let storedHeight = isCore ? Int(try fields.short(20)) : Int(Int32(bitPattern: try fields.long(22)))
    height = abs(storedHeight)
    isTopDown = storedHeight < 0
    bitsPerPixel = Int(try fields.short(isCore ? 24 : 28))
    guard [1, 4, 8, 16, 24, 32].contains(bitsPerPixel) else {
      throw .unsupported("\(bitsPerPixel) bits a pixel")
    }
    let stored = isCore ? 0 : try fields.long(30)
    guard let compression = Compression(rawValue: stored) else { throw .unsupported("compression \(stored)") }
    self.compression = compression
    // The masks follow a short header and are part of a long one: the same place.
    masks = compression == .bitFields ? [try fields.long(54), try fields.long(58), try fields.long(62)] : []
    let colors = isCore ? 0 : Int(try fields.long(46))
    let paletteOffset = Self.fileHeaderSize + size
    (palette, dataOffset) = try Self.palette(
      bytes, bitsPerPixel: bitsPerPixel, colors: colors, at: paletteOffset, entrySize: isCore ? 3 : 4,
      dataOffset: Int(try fields.long(10)))
    try checkCombination()
  }

  private func checkCombination() throws(ImageDefect) {
    let fits =
      switch compression {
      case .none: true
      case .runLength8: bitsPerPixel == 8
      case .runLength4: bitsPerPixel == 4
      case .bitFields: bitsPerPixel >= 16
      }
    guard fits else {
      throw .unsupported("compression \(compression.rawValue) of \(bitsPerPixel) bits a pixel")
    }
  }

  /// Reads the palette, if the pixels need one, and settles where the pixels begin.
  private static func palette(
    _ bytes: Span<UInt8>, bitsPerPixel: Int, colors: Int, at offset: Int, entrySize: Int, dataOffset: Int
  ) throws(ImageDefect) -> ([UInt8], Int) {
    guard bitsPerPixel <= 8 else { return ([], dataOffset > 0 ? dataOffset : offset) }
    let count = colors == 0 ? 1 << bitsPerPixel : colors
    guard count <= 65_536 else { throw .malformed("a palette of \(count) colors") }
    guard offset + count * entrySize <= bytes.count else { throw .truncated("the bytes end in the palette") }
    // Colors the file does not give are black.
    var palette = [UInt8](repeating: 0, count: 3 * 256)
    for index in 0..<min(count, 256) {
      let entry = offset + index * entrySize
      for channel in 0..<3 { palette[3 * index + channel] = bytes[entry + 2 - channel] }
    }
    return (palette, dataOffset > 0 ? dataOffset : offset + count * entrySize)
  }

  /// The first bytes of the file, read field by field.
  private struct Fields {
    let bytes: [UInt8]

    func short(_ offset: Int) throws(ImageDefect) -> UInt16 {
      guard let value = bytes.span.littleEndian16(at: offset) else { throw Self.tooShort }
      return value
    }

    func long(_ offset: Int) throws(ImageDefect) -> UInt32 {
      guard let value = bytes.span.littleEndian32(at: offset) else { throw Self.tooShort }
      return value
    }

    private static let tooShort = ImageDefect.truncated("the bytes end in the header")
  }
}

extension [UInt8] {
  fileprivate init(_ bytes: Span<UInt8>, upTo limit: Int) {
    self = (0..<Swift.min(bytes.count, limit)).map { bytes[$0] }
  }
}
