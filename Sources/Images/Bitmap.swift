/// A decoded picture: 8-bit RGB, interleaved, row by row from the top left, without padding: `[H, W, 3]`.
public struct Bitmap: Hashable, Sendable {
  /// The number of columns, at least 1.
  public let width: Int
  /// The number of rows, at least 1.
  public let height: Int
  /// `height * width * 3` samples of 0...255: red, green, blue, red, ...
  public let pixels: [UInt8]

  /// Makes a picture of its samples.
  ///
  /// - Precondition: both extents are positive and `pixels.count == height * width * 3`.
  public init(width: Int, height: Int, pixels: [UInt8]) {
    precondition(
      width > 0 && height > 0 && pixels.count == width * height * 3,
      "Bitmap: \(height) rows of \(width) pixels are not \(pixels.count) samples")
    self.width = width
    self.height = height
    self.pixels = pixels
  }

  /// Makes a picture of one color.
  public init(width: Int, height: Int, red: UInt8, green: UInt8, blue: UInt8) {
    var pixels: [UInt8] = []
    pixels.reserveCapacity(width * height * 3)
    for _ in 0..<width * height { pixels += [red, green, blue] }
    self.init(width: width, height: height, pixels: pixels)
  }
}
