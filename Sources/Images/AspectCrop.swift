extension Bitmap {
  /// A part of the picture.
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
    return Bitmap(width: newWidth, height: newHeight, pixels: part)
  }

  /// The largest part in the middle with the proportions of `targetWidth` x `targetHeight`: what Keras's
  /// `keep_aspect_ratio` keeps.
  func croppedToAspect(width targetWidth: Int, height targetHeight: Int) -> Bitmap {
    let newHeight = max(1, min(height, width * targetHeight / targetWidth))
    let newWidth = max(1, min(width, height * targetWidth / targetHeight))
    return cropped(
      x: (width - newWidth) / 2, y: (height - newHeight) / 2, width: newWidth, height: newHeight)
  }
}
