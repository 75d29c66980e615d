import CImages

extension DecodedImage {
  /// Decodes an image with the C library of its format.
  init(library: ImageLibrary, decoding bytes: Span<UInt8>, limits: DecodingLimits) throws(ImageDefect) {
    let header = try library.header(bytes)
    let (width, height) = (Int(header.width), Int(header.height))
    try limits.check(
      width: width, height: height, byteCount: bytes.count, isUnbounded: library.packsWithoutBound)
    let image = Self.image(try library.samples(bytes, header), header)
    self = image.turned(Orientation(rawValue: UInt16(header.orientation)) ?? .upright)
  }

  private static func image(_ samples: [UInt8], _ header: cimages_header) -> DecodedImage {
    let (width, height) = (Int(header.width), Int(header.height))
    guard header.sample_size == 1 else {
      let values = SampleConversion.numbers(samples.span, byteCount: Int(header.sample_size))
      return .deepGray(
        DeepGray(width: width, height: height, values: values, isOf16Bits: header.sample_size == 2))
    }
    return .bitmap(Bitmap(width: width, height: height, samples: rgb(samples, header)))
  }

  private static func rgb(_ samples: [UInt8], _ header: cimages_header) -> [UInt8] {
    switch header.samples {
    case 3: samples
    case 4: SampleConversion.rgb(invertedCMYK: samples.span)
    default:
      header.is_indexed == 0
        ? SampleConversion.rgb(gray: samples.span)
        : SampleConversion.rgb(indices: samples.span, palette: header.paletteBytes.span)
    }
  }
}

/// A decoder in C.
enum ImageLibrary {
  case jpeg, png, tiff, webp

  /// Whether a byte may stand for any number of pixels.
  fileprivate var packsWithoutBound: Bool {
    switch self {
    case .jpeg, .png: false
    case .tiff, .webp: true
    }
  }

  /// What is known before a pixel is decoded.
  func header(_ bytes: Span<UInt8>) throws(ImageDefect) -> cimages_header {
    var header = cimages_header()
    var message = [CChar](repeating: 0, count: Int(cimages_message_size))
    let status = unsafe bytes.withUnsafeBufferPointer {
      switch self {
      case .jpeg: unsafe cimages_jpeg_header($0.baseAddress, $0.count, &header, &message)
      case .png: unsafe cimages_png_header($0.baseAddress, $0.count, &header, &message)
      case .tiff: unsafe cimages_tiff_header($0.baseAddress, $0.count, &header, &message)
      case .webp: unsafe cimages_webp_header($0.baseAddress, $0.count, &header, &message)
      }
    }
    try Self.check(status, message)
    return header
  }

  fileprivate func samples(_ bytes: Span<UInt8>, _ header: cimages_header) throws(ImageDefect) -> [UInt8] {
    var header = header
    var message = [CChar](repeating: 0, count: Int(cimages_message_size))
    var status = cimages_done
    let count = Int(header.width) * Int(header.height) * Int(header.samples) * Int(header.sample_size)
    // The decoder writes every sample or fails, and then the array is thrown away.
    let samples = unsafe [UInt8](unsafeUninitializedCapacity: count) { target, initialized in
      status = unsafe bytes.withUnsafeBufferPointer {
        let pixels = target.baseAddress
        return switch self {
        case .jpeg: unsafe cimages_jpeg_decode($0.baseAddress, $0.count, &header, pixels, &message)
        case .png: unsafe cimages_png_decode($0.baseAddress, $0.count, &header, pixels, &message)
        case .tiff: unsafe cimages_tiff_decode($0.baseAddress, $0.count, &header, pixels, &message)
        case .webp: unsafe cimages_webp_decode($0.baseAddress, $0.count, &header, pixels, &message)
        }
      }
      initialized = count
    }
    try Self.check(status, message)
    return samples
  }

  private static func check(_ status: cimages_status, _ message: [CChar]) throws(ImageDefect) {
    let text = String(decoding: message.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    switch status {
    case cimages_done: return
    case cimages_truncated: throw .truncated(text)
    case cimages_unsupported: throw .unsupported(text)
    case cimages_out_of_memory: throw .unsupported("more memory needed than there is")
    default: throw .malformed(text)
    }
  }
}

extension cimages_header {
  fileprivate var paletteBytes: [UInt8] { unsafe withUnsafeBytes(of: palette) { unsafe Array($0) } }
}
