/// A decoded image: 8-bit RGB, interleaved, row by row from the top left, without padding: `[H, W, 3]`.
public struct Bitmap: Hashable, Sendable {
  /// The number of columns, at least 1.
  public let width: Int
  /// The number of rows, at least 1.
  public let height: Int
  /// `height * width * 3` samples of 0...255: red, green, blue, red, ...
  public let pixels: [UInt8]

  /// Makes an image from its samples; ``PixelBuffer`` takes other layouts.
  ///
  /// - Throws: ``ImageError/emptySize(height:width:)``, ``ImageError/pixelBuffer(expected:found:)`` unless
  ///   `pixels.count == height * width * 3`.
  public init(width: Int, height: Int, pixels: [UInt8]) throws(ImageError) {
    guard width > 0, height > 0 else { throw .emptySize(height: height, width: width) }
    let (count, overflow) = width.multipliedReportingOverflow(by: height)
    guard !overflow, pixels.count.isMultiple(of: 3), pixels.count / 3 == count else {
      throw .pixelBuffer(
        expected: "3 samples for each of \(width)x\(height) pixels", found: "\(pixels.count) samples")
    }
    self.init(width: width, height: height, samples: pixels)
  }

  /// Makes an image of samples that are known to be as many as it takes.
  package init(width: Int, height: Int, samples: [UInt8]) {
    precondition(
      width > 0 && height > 0 && samples.count == width * height * 3,
      "Bitmap: \(height) rows of \(width) pixels are not \(samples.count) samples")
    self.width = width
    self.height = height
    self.pixels = samples
  }

  /// Makes an image of one color.
  package init(width: Int, height: Int, red: UInt8, green: UInt8, blue: UInt8) {
    var pixels: [UInt8] = []
    pixels.reserveCapacity(width * height * 3)
    for _ in 0..<width * height { pixels += [red, green, blue] }
    self.init(width: width, height: height, samples: pixels)
  }
}
