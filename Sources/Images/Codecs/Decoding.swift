extension Bitmap {
  /// Decodes a JPEG, PNG, BMP or PPM file into RGB, as Pillow's `Image.open(path).convert("RGB")` does.
  ///
  /// The format is recognised from the content. Alpha is dropped, not composited; 16-bit gray saturates at
  /// 255, other 16-bit samples keep their high byte; CMYK is read by Adobe's (inverted) convention.
  ///
  /// - Parameters:
  ///   - path: the file.
  ///   - appliesOrientation: whether the image is rotated by its EXIF orientation. Keras ignores it.
  ///   - limits: what is refused for its size.
  /// - Throws: ``ImageError``; a file that ends too early or has damaged image data is never half an image.
  public init(
    contentsOf path: String, appliesOrientation: Bool = false, limits: DecodingLimits = .standard
  ) throws(ImageError) {
    let bytes = try ImageFile.read(path, limits: limits)
    try self.init(decoding: bytes.span, name: path, appliesOrientation: appliesOrientation, limits: limits)
  }

  /// Decodes a JPEG, PNG, BMP or PPM file that is already in memory; `name` is its name in errors.
  public init(
    decoding bytes: Span<UInt8>, name: String, appliesOrientation: Bool = false,
    limits: DecodingLimits = .standard
  ) throws(ImageError) {
    let format = try ImageFormat.recognise(bytes, name: name)
    do throws(ImageDefect) {
      let upright = appliesOrientation ? Orientation(exifIn: bytes, format: format) : .upright
      self = try Bitmap(decoding: bytes, format: format, limits: limits).turned(upright)
    } catch {
      throw error.error(name: name, format: format)
    }
  }

  private init(decoding bytes: Span<UInt8>, format: ImageFormat, limits: DecodingLimits) throws(ImageDefect) {
    switch format {
    case .jpeg, .png: try self.init(libraryDecoding: bytes, format: format, limits: limits)
    case .bmp: self = try BMPDecoder(bytes, limits: limits).decode(bytes)
    case .netpbm: self = try NetpbmDecoder(bytes, limits: limits).decode(bytes)
    }
  }
}
