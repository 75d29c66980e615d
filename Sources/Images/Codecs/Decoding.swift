extension Bitmap {
  /// Decodes a JPEG, PNG, BMP, PPM, TIFF or WebP file into RGB, as Pillow's `Image.open(path).convert("RGB")` does.
  ///
  /// The format is recognised from the content. Alpha is dropped, not composited; gray of more than 8 bits saturates at
  /// 255, other 16-bit samples keep their high byte; the CMYK of JPEG is read by Adobe's (inverted) convention. Of several
  /// pages or frames the first is read; a TIFF is turned by its orientation, as Pillow turns it.
  ///
  /// - Parameters:
  ///   - location: where it is.
  ///   - appliesOrientation: whether the image is rotated by its EXIF orientation. Keras ignores it.
  ///   - limits: what is refused for its size.
  /// - Throws: ``ImageError``; a file that ends too early or has damaged image data is never half an image.
  public init(
    contentsOf location: ImageLocation, appliesOrientation: Bool = false,
    limits: DecodingLimits = .standard
  ) throws(ImageError) {
    let bytes = try ImageFile.read(location, limits: limits)
    try self.init(
      decoding: bytes.span, name: location.path, appliesOrientation: appliesOrientation, limits: limits)
  }

  /// Decodes an image file that is already in memory; `name` is its name in errors.
  public init(
    decoding bytes: Span<UInt8>, name: String, appliesOrientation: Bool = false,
    limits: DecodingLimits = .standard
  ) throws(ImageError) {
    self = try DecodedImage(
      decoding: bytes, name: name, appliesOrientation: appliesOrientation, limits: limits
    ).bitmap
  }
}

extension DecodedImage {
  /// Decodes an image file that is in memory; gray of more than 8 bits keeps its values.
  init(
    decoding bytes: Span<UInt8>, name: String, appliesOrientation: Bool, limits: DecodingLimits
  ) throws(ImageError) {
    let format = try ImageFormat.recognise(bytes, name: name)
    do throws(ImageDefect) {
      let upright = appliesOrientation ? Orientation(exifIn: bytes, format: format) : .upright
      self = try DecodedImage(decoding: bytes, format: format, limits: limits).turned(upright)
    } catch {
      throw error.error(name: name, format: format)
    }
  }

  private init(decoding bytes: Span<UInt8>, format: ImageFormat, limits: DecodingLimits) throws(ImageDefect) {
    switch format {
    case .jpeg: try self.init(library: .jpeg, decoding: bytes, limits: limits)
    case .png: try self.init(library: .png, decoding: bytes, limits: limits)
    case .tiff: try self.init(library: .tiff, decoding: bytes, limits: limits)
    case .webp: try self.init(library: .webp, decoding: bytes, limits: limits)
    case .bmp: self = .bitmap(try BMPDecoder(bytes, limits: limits).decode(bytes))
    case .netpbm: self = try NetpbmDecoder(bytes, limits: limits).decode(bytes)
    }
  }
}
