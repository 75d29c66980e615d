public import Tensors

extension Bitmap {
  /// The image at another size, pixel for pixel what Pillow's `Image.resize` makes of it, or, with TensorFlow's interpolations, what
  /// `tf.image.resize` does, rounded.
  ///
  /// - Throws: ``ImageError/emptySize(height:width:)`` for a size below 1x1,
  ///   ``ImageError/tooManyPixels(name:width:height:limits:)`` for one beyond ``DecodingLimits/standard``.
  /// - Complexity: O(old height · new width + new width · new height), times the filter's width in old pixels.
  public func resized(
    width newWidth: Int, height newHeight: Int, _ interpolation: Interpolation
  ) throws(ImageError) -> Bitmap {
    try Self.checkSize(width: newWidth, height: newHeight)
    if (newWidth, newHeight) == (width, height) { return self }
    if interpolation == .nearest { return nearest(newWidth, newHeight) }
    if interpolation.isTensorFlows {
      return resizedAsByTensorFlow(width: newWidth, height: newHeight, interpolation).rounded
    }
    return resized(
      columns: 0..<width, rows: 0..<height, width: newWidth, height: newHeight, interpolation)
  }

  /// Refuses a size that no image is to be brought to.
  static func checkSize(width: Int, height: Int) throws(ImageError) {
    guard width > 0, height > 0 else { throw .emptySize(height: height, width: width) }
    let limits = DecodingLimits.standard
    guard width <= limits.sideLength, height <= limits.sideLength, width * height <= limits.pixelCount else {
      throw .tooManyPixels(name: "resizing", width: width, height: height, limits: limits)
    }
  }

  /// Stretches a part of the image, as Pillow's `Image.resize(box=)` does: filters see what is beside the part.
  func resized(
    columns: Range<Int>, rows: Range<Int>, width newWidth: Int, height newHeight: Int,
    _ interpolation: Interpolation
  ) -> Bitmap {
    if interpolation == .nearest || (columns.count, rows.count) == (newWidth, newHeight) {
      let part = cropped(
        x: columns.lowerBound, y: rows.lowerBound, width: columns.count, height: rows.count)
      return part.nearest(newWidth, newHeight)
    }
    if Self.shrinksHeightFirst(from: (width, height), to: (newWidth, newHeight)) {
      return stretchedVertically(rows, newHeight, interpolation)
        .stretchedHorizontally(columns, newWidth, interpolation)
    }
    return stretchedHorizontally(columns, newWidth, interpolation)
      .stretchedVertically(rows, newHeight, interpolation)
  }

  /// The order of the passes decides how values round. Pillow 13 shrinks the height first when it loses more than
  /// twice as many pixels as the width; Pillow 12 and older never do and may differ by a level there.
  static func shrinksHeightFirst(from old: (width: Int, height: Int), to new: (width: Int, height: Int))
    -> Bool
  {
    new.height < old.height && old.height - new.height > 2 * (old.width - new.width)
  }

  private func nearest(_ newWidth: Int, _ newHeight: Int) -> Bitmap {
    let columns = Self.nearestPositions(from: width, to: newWidth).map { 3 * $0 }
    let rows = Self.nearestPositions(from: height, to: newHeight)
    let source = pixels.span
    let resized = [UInt8](capacity: 3 * newWidth * newHeight) { target in
      for row in rows {
        let start = 3 * width * row
        for column in columns {
          target.append(source[start + column])
          target.append(source[start + column + 1])
          target.append(source[start + column + 2])
        }
      }
    }
    return Bitmap(width: newWidth, height: newHeight, samples: resized)
  }

  /// The position is summed up, not multiplied out: Pillow's rounding.
  static func nearestPositions(from oldSize: Int, to newSize: Int) -> [Int] {
    let step = Double(Float(oldSize)) / Double(newSize)
    var position = step * 0.5
    return (0..<newSize).map { _ in
      defer { position += step }
      return min(Int(position), oldSize - 1)
    }
  }

  private func stretchedHorizontally(
    _ columns: Range<Int>, _ newWidth: Int, _ interpolation: Interpolation
  ) -> Bitmap {
    guard newWidth != width || columns.count != width else { return self }
    return ResamplingWeights(from: width, columns, to: newWidth, interpolation).stretched(self)
  }

  private func stretchedVertically(
    _ rows: Range<Int>, _ newHeight: Int, _ interpolation: Interpolation
  ) -> Bitmap {
    guard newHeight != height || rows.count != height else { return self }
    return ResamplingWeights(from: height, rows, to: newHeight, interpolation).blended(self)
  }
}
