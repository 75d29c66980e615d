/// How a camera was held: the eight values of EXIF tag 0x0112, named after what makes the image upright.
package enum Orientation: UInt16, Sendable, CaseIterable {
  case upright = 1
  case mirrored = 2
  case halfTurn = 3
  case flipped = 4
  case transposed = 5
  case quarterTurnClockwise = 6
  case transversed = 7
  case quarterTurnCounterclockwise = 8

  fileprivate var swapsAxes: Bool { rawValue >= 5 }

  /// Where in the stored image (of the given last column and row) the upright pixel at (x, y) lies.
  fileprivate func source(x: Int, y: Int, lastColumn: Int, lastRow: Int) -> (x: Int, y: Int) {
    switch self {
    case .upright: (x, y)
    case .mirrored: (lastColumn - x, y)
    case .halfTurn: (lastColumn - x, lastRow - y)
    case .flipped: (x, lastRow - y)
    case .transposed: (y, x)
    case .quarterTurnClockwise: (y, lastRow - x)
    case .transversed: (lastColumn - y, lastRow - x)
    case .quarterTurnCounterclockwise: (lastColumn - y, x)
    }
  }
}

extension Orientation {
  /// The size of an image that is turned upright.
  fileprivate func size(width: Int, height: Int) -> (width: Int, height: Int) {
    swapsAxes ? (height, width) : (width, height)
  }

  /// For each pixel of the upright image, row by row, the index of the stored one.
  fileprivate func eachSource(width: Int, height: Int, _ body: (Int) -> Void) {
    let upright = size(width: width, height: height)
    for y in 0..<upright.height {
      for x in 0..<upright.width {
        let source = source(x: x, y: y, lastColumn: width - 1, lastRow: height - 1)
        body(source.y * width + source.x)
      }
    }
  }
}

extension Bitmap {
  /// The image turned upright.
  package func turned(_ orientation: Orientation) -> Bitmap {
    guard orientation != .upright else { return self }
    let size = orientation.size(width: width, height: height)
    var turned: [UInt8] = []
    turned.reserveCapacity(pixels.count)
    orientation.eachSource(width: width, height: height) { pixel in
      for offset in 3 * pixel..<3 * pixel + 3 { turned.append(pixels[offset]) }
    }
    return Bitmap(width: size.width, height: size.height, samples: turned)
  }
}

extension DeepGray {
  /// The image turned upright.
  func turned(_ orientation: Orientation) -> DeepGray {
    guard orientation != .upright else { return self }
    let size = orientation.size(width: width, height: height)
    var turned: [Int32] = []
    turned.reserveCapacity(values.count)
    orientation.eachSource(width: width, height: height) { turned.append(values[$0]) }
    return DeepGray(width: size.width, height: size.height, values: turned, isOf16Bits: isOf16Bits)
  }
}
