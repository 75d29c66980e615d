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

  /// The columns and rows of the largest part in the middle with the proportions of another size.
  private func part(likeWidth newWidth: Int, height newHeight: Int) -> (columns: Range<Int>, rows: Range<Int>)
  {
    let keptHeight = max(1, min(height, width * newHeight / newWidth))
    let keptWidth = max(1, min(width, height * newWidth / newHeight))
    let (x, y) = ((width - keptWidth) / 2, (height - keptHeight) / 2)
    return (x..<x + keptWidth, y..<y + keptHeight)
  }

  /// Brings the largest part in the middle with the new proportions to size: Keras's `keep_aspect_ratio`.
  func resizedKeepingAspect(width newWidth: Int, height newHeight: Int, _ interpolation: Interpolation)
    -> Bitmap
  {
    let (columns, rows) = part(likeWidth: newWidth, height: newHeight)
    return resized(columns: columns, rows: rows, width: newWidth, height: newHeight, interpolation)
  }

  /// The same part at its own size.
  func croppedKeepingAspect(width newWidth: Int, height newHeight: Int) -> Bitmap {
    let (columns, rows) = part(likeWidth: newWidth, height: newHeight)
    return cropped(x: columns.lowerBound, y: rows.lowerBound, width: columns.count, height: rows.count)
  }
}
