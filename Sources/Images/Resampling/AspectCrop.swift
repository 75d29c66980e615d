import Tensors

/// A part of an image.
struct AspectPart {
  let columns: Range<Int>
  let rows: Range<Int>

  init(columns: Range<Int>, rows: Range<Int>) { (self.columns, self.rows) = (columns, rows) }

  /// The largest part in the middle of an image with the proportions of another size.
  init(width: Int, height: Int, likeWidth newWidth: Int, height newHeight: Int) {
    let keptHeight = max(1, min(height, width * newHeight / newWidth))
    let keptWidth = max(1, min(width, height * newWidth / newHeight))
    let (x, y) = ((width - keptWidth) / 2, (height - keptHeight) / 2)
    self.init(columns: x..<x + keptWidth, rows: y..<y + keptHeight)
  }
}

extension Bitmap {
  /// A part of the image.
  ///
  /// - Precondition: the part is not empty and lies inside.
  func cropped(x: Int, y: Int, width newWidth: Int, height newHeight: Int) -> Bitmap {
    precondition(
      x >= 0 && y >= 0 && newWidth > 0 && newHeight > 0 && x + newWidth <= width && y + newHeight <= height,
      "Bitmap: the part lies outside")
    if (newWidth, newHeight) == (width, height) { return self }
    var part: [UInt8] = []
    part.reserveCapacity(3 * newWidth * newHeight)
    for row in y..<y + newHeight {
      let start = 3 * (row * width + x)
      part += pixels[start..<start + 3 * newWidth]
    }
    return Bitmap(width: newWidth, height: newHeight, samples: part)
  }

  private func part(likeWidth newWidth: Int, height newHeight: Int) -> AspectPart {
    AspectPart(width: width, height: height, likeWidth: newWidth, height: newHeight)
  }

  /// Brings the largest part in the middle with the new proportions to size: Keras's `keep_aspect_ratio`.
  func resizedKeepingAspect(width newWidth: Int, height newHeight: Int, _ interpolation: Interpolation)
    -> Bitmap
  {
    let part = part(likeWidth: newWidth, height: newHeight)
    if interpolation.isTensorFlows {
      return croppedKeepingAspect(width: newWidth, height: newHeight)
        .resizedAsByTensorFlow(width: newWidth, height: newHeight, interpolation).rounded
    }
    return resized(columns: part.columns, rows: part.rows, width: newWidth, height: newHeight, interpolation)
  }

  /// The same part at its own size.
  func croppedKeepingAspect(width newWidth: Int, height newHeight: Int) -> Bitmap {
    let part = part(likeWidth: newWidth, height: newHeight)
    return cropped(
      x: part.columns.lowerBound, y: part.rows.lowerBound, width: part.columns.count,
      height: part.rows.count)
  }
}
