/// PBM, PGM and PPM, plain (`P1`-`P3`) and raw (`P4`-`P6`), one image a file.
///
/// Values are scaled as Pillow does: gray of more than 8 bits to 0...65535, everything else to 0...255.
struct NetpbmDecoder {
  private enum Kind { case bitmap, gray, color }

  private let kind: Kind
  private let isPlain: Bool
  private let width: Int
  private let height: Int
  private let largest: Int
  private let dataOffset: Int

  init(_ bytes: Span<UInt8>, limits: DecodingLimits) throws(ImageDefect) {
    let digit = bytes[1] - UInt8(ascii: "0")
    kind = [.bitmap, .gray, .color][Int(digit - 1) % 3]
    isPlain = digit <= 3
    var scanner = NetpbmScanner(offset: 2)
    width = try scanner.number(bytes)
    height = try scanner.number(bytes)
    largest = kind == .bitmap ? 1 : try scanner.number(bytes)
    guard 1...65_535 ~= largest else {
      throw .malformed("the largest value must be 1 to 65535, found \(largest)")
    }
    try limits.check(width: width, height: height, byteCount: bytes.count)
    dataOffset = scanner.offset
  }

  /// Whether it is gray of more than 8 bits.
  var isDeep: Bool { kind == .gray && largest > 255 }

  func decode(_ bytes: Span<UInt8>) throws(ImageDefect) -> DecodedImage {
    if isDeep {
      let values: [Int32] = try numbers(bytes, upTo: 65_535)
      return .deepGray(DeepGray(width: width, height: height, values: values, isOf16Bits: false))
    }
    let samples: [UInt8] =
      switch (kind, isPlain) {
      case (.bitmap, true): try plainBits(bytes)
      case (.bitmap, false): try rawBits(bytes)
      case (.gray, _), (.color, _): try numbers(bytes, upTo: 255)
      }
    let pixels = kind == .color ? samples : SampleConversion.rgb(gray: samples.span)
    return .bitmap(Bitmap(width: width, height: height, samples: pixels))
  }

  /// The samples, from 0 to `top`.
  private func numbers<Sample: FixedWidthInteger>(
    _ bytes: Span<UInt8>, upTo top: Int
  ) throws(ImageDefect) -> [Sample] {
    let scale = SampleScale<Sample>(largest: largest, top: top)
    return isPlain ? try plainSamples(bytes, scale) : try rawSamples(bytes, scale)
  }

  private var sampleCount: Int { width * height * (kind == .color ? 3 : 1) }

  private func plainBits(_ bytes: Span<UInt8>) throws(ImageDefect) -> [UInt8] {
    var scanner = NetpbmScanner(offset: dataOffset)
    try require(bytes.count - dataOffset >= sampleCount, bytes)
    var samples: [UInt8] = []
    samples.reserveCapacity(sampleCount)
    while samples.count < sampleCount { samples.append(try scanner.bit(bytes) ? 0 : 255) }
    return samples
  }

  private func rawBits(_ bytes: Span<UInt8>) throws(ImageDefect) -> [UInt8] {
    let stride = (width + 7) / 8
    try require(bytes.count - dataOffset >= stride * height, bytes)
    var samples: [UInt8] = []
    samples.reserveCapacity(sampleCount)
    for y in 0..<height {
      for x in 0..<width {
        let isBlack = bytes[dataOffset + y * stride + x / 8] >> UInt8(7 - x % 8) & 1 == 1
        samples.append(isBlack ? 0 : 255)
      }
    }
    return samples
  }

  private func plainSamples<Sample: FixedWidthInteger>(
    _ bytes: Span<UInt8>, _ scale: SampleScale<Sample>
  ) throws(ImageDefect) -> [Sample] {
    var scanner = NetpbmScanner(offset: dataOffset)
    try require(bytes.count - dataOffset >= sampleCount, bytes)
    var samples: [Sample] = []
    samples.reserveCapacity(sampleCount)
    while samples.count < sampleCount {
      let value = try scanner.number(bytes)
      guard value <= largest else { throw .malformed("the value \(value) is above the largest, \(largest)") }
      samples.append(scale(value))
    }
    return samples
  }

  private func rawSamples<Sample: FixedWidthInteger>(
    _ bytes: Span<UInt8>, _ scale: SampleScale<Sample>
  ) throws(ImageDefect) -> [Sample] {
    let size = largest < 256 ? 1 : 2
    try require((bytes.count - dataOffset) / size >= sampleCount, bytes)
    return [Sample](capacity: sampleCount) { samples in
      for index in 0..<sampleCount {
        let offset = dataOffset + size * index
        let value = size == 1 ? Int(bytes[offset]) : Int(bytes[offset]) << 8 | Int(bytes[offset + 1])
        samples.append(scale(value))
      }
    }
  }

  private func require(_ holds: Bool, _ bytes: Span<UInt8>) throws(ImageDefect) {
    guard holds else {
      throw .truncated("\(bytes.count) bytes are too few for \(width)x\(height) pixels")
    }
  }
}

/// 0...largest to 0...top; ties go to the even value, as Python's `round`.
struct SampleScale<Sample: FixedWidthInteger> {
  private let table: [Sample]

  init(largest: Int, top: Int) {
    let limit = largest < 256 ? 255 : 65_535
    table = (0...limit).map { value in
      let scaled = (Double(value) / Double(largest) * Double(top)).rounded(.toNearestOrEven)
      return Sample(min(scaled, Double(top)))
    }
  }

  func callAsFunction(_ value: Int) -> Sample { table[value] }
}
