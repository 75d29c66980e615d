import CImages

extension Bitmap {
  /// Decodes JPEG or PNG with the C library of the format.
  init(libraryDecoding bytes: Span<UInt8>, format: ImageFormat, limits: DecodingLimits) throws(ImageDefect) {
    let codec: Codec = format == .png ? .png : .jpeg
    let header = try codec.header(bytes)
    let (width, height) = (Int(header.width), Int(header.height))
    try limits.check(width: width, height: height, byteCount: bytes.count)
    let samples = try codec.samples(bytes, header)
    self.init(width: width, height: height, samples: Self.rgb(samples, header))
  }

  private static func rgb(_ samples: [UInt8], _ header: cimages_header) -> [UInt8] {
    switch (header.samples, header.sample_size) {
    case (3, _): samples
    case (4, _): SampleConversion.rgb(invertedCMYK: samples.span)
    case (_, 2): SampleConversion.rgb(bigEndianGray16: samples.span)
    default:
      header.is_indexed == 0
        ? SampleConversion.rgb(gray: samples.span)
        : SampleConversion.rgb(indices: samples.span, palette: header.paletteBytes.span)
    }
  }
}

/// A decoder in C.
private enum Codec {
  case jpeg, png

  func header(_ bytes: Span<UInt8>) throws(ImageDefect) -> cimages_header {
    var header = cimages_header()
    var message = [CChar](repeating: 0, count: Int(cimages_message_size))
    let status = unsafe bytes.withUnsafeBufferPointer {
      switch self {
      case .jpeg: unsafe cimages_jpeg_header($0.baseAddress, $0.count, &header, &message)
      case .png: unsafe cimages_png_header($0.baseAddress, $0.count, &header, &message)
      }
    }
    try Self.check(status, message)
    return header
  }

  func samples(_ bytes: Span<UInt8>, _ header: cimages_header) throws(ImageDefect) -> [UInt8] {
    var header = header
    var message = [CChar](repeating: 0, count: Int(cimages_message_size))
    var status = cimages_done
    let count = Int(header.width) * Int(header.height) * Int(header.samples) * Int(header.sample_size)
    // The decoder writes every sample or fails, and then the array is thrown away.
    let samples = unsafe [UInt8](unsafeUninitializedCapacity: count) { target, initialized in
      status = unsafe bytes.withUnsafeBufferPointer {
        switch self {
        case .jpeg:
          unsafe cimages_jpeg_decode($0.baseAddress, $0.count, &header, target.baseAddress, &message)
        case .png:
          unsafe cimages_png_decode($0.baseAddress, $0.count, &header, target.baseAddress, &message)
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
