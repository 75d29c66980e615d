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

extension Bitmap {
  /// The image turned upright.
  package func turned(_ orientation: Orientation) -> Bitmap {
    guard orientation != .upright else { return self }
    let (newWidth, newHeight) = orientation.swapsAxes ? (height, width) : (width, height)
    let turned = [UInt8](capacity: pixels.count) { target in
      for y in 0..<newHeight {
        for x in 0..<newWidth {
          let source = orientation.source(x: x, y: y, lastColumn: width - 1, lastRow: height - 1)
          let offset = 3 * (source.y * width + source.x)
          target.append(pixels[offset])
          target.append(pixels[offset + 1])
          target.append(pixels[offset + 2])
        }
      }
    }
    return Bitmap(width: newWidth, height: newHeight, samples: turned)
  }
}
