/// Limits on the memory that decoding a file may take.
public struct DecodingLimits: Hashable, Sendable {
  /// The longest side in pixels.
  public var sideLength: Int
  /// The most pixels an image may have; a pixel takes 3 bytes, and up to 6 more while it is
  /// decoded (the coefficients of a progressive JPEG).
  public var pixelCount: Int
  /// The most bytes a file may have.
  public var fileByteCount: Int

  /// 65,535 pixels a side, 178,956,970 in all (where Pillow stops, too), files of 512 MiB.
  public static let standard = DecodingLimits(
    sideLength: 65_535, pixelCount: 178_956_970, fileByteCount: 512 << 20)

  /// Makes limits.
  public init(sideLength: Int, pixelCount: Int, fileByteCount: Int) {
    self.sideLength = sideLength
    self.pixelCount = pixelCount
    self.fileByteCount = fileByteCount
  }

  /// The most pixels one byte of a file can stand for: deflate packs at most 1032 to 1, one-bit PNG pixels 8 to
  /// the byte.
  private static let pixelsPerByte = 8 * 1032
  /// Pixels that a file of a format that packs without bound, as faxes and WebP without loss do, may have whatever its length.
  private static let plainPixelCount = 1 << 24

  /// Checks what a header claims before anything is allocated for it.
  ///
  /// - Parameter isUnbounded: whether a byte of the format may stand for any number of pixels.
  func check(
    width: Int, height: Int, byteCount: Int, isUnbounded: Bool = false
  ) throws(ImageDefect) {
    guard width > 0, height > 0 else { throw .malformed("\(width)x\(height) pixels") }
    let (pixels, overflow) = width.multipliedReportingOverflow(by: height)
    guard !overflow, pixels <= pixelCount, width <= sideLength, height <= sideLength else {
      throw .tooManyPixels(width: width, height: height, limits: self)
    }
    let plain = isUnbounded ? Self.plainPixelCount : 0
    guard pixels <= max(plain, Self.pixelsPerByte * byteCount) else {
      throw .malformed("\(width)x\(height) pixels cannot be in \(byteCount) bytes")
    }
  }
}
