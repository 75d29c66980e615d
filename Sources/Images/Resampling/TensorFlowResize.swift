import Tensors

extension Bitmap {
  /// The image at another size, number for number what `tf.image.resize` makes of it without antialiasing.
  ///
  /// - Complexity: O(new height · new width).
  func resizedAsByTensorFlow(
    width newWidth: Int, height newHeight: Int, _ interpolation: Interpolation
  ) -> FloatPixels {
    if (newWidth, newHeight) == (width, height) { return FloatPixels(self) }
    let isNearest = interpolation == .tensorFlowNearest
    let columns = Neighbours.all(newWidth, of: width, isNearest: isNearest)
    let rows = Neighbours.all(newHeight, of: height, isNearest: isNearest)
    let source = pixels.span
    let values = [Float](capacity: 3 * newWidth * newHeight) { target in
      for row in rows {
        let (upper, lower) = (3 * width * row.first, 3 * width * row.second)
        for column in columns {
          let (left, right) = (3 * column.first, 3 * column.second)
          for channel in 0..<3 {
            let top = Float(source[upper + left + channel])
            let bottom = Float(source[lower + left + channel])
            let topRight = Float(source[upper + right + channel])
            let bottomRight = Float(source[lower + right + channel])
            let above = top + (topRight - top) * column.share
            let below = bottom + (bottomRight - bottom) * column.share
            target.append(above + (below - above) * row.share)
          }
        }
      }
    }
    return FloatPixels(width: newWidth, height: newHeight, values: values)
  }
}

/// The two pixels of a row or a column between which a new one lies, and how near it is to the second: 0 to 1.
private struct Neighbours {
  let first: Int
  let second: Int
  let share: Float

  /// For each of `count` new pixels over `extent` old ones, in TensorFlow's single precision.
  static func all(_ count: Int, of extent: Int, isNearest: Bool) -> [Neighbours] {
    let scale = Float(extent) / Float(count)
    return (0..<count).map { index in
      let centre = (Float(index) + 0.5) * scale
      if isNearest {
        let place = min(extent - 1, Int(centre))
        return Neighbours(first: place, second: place, share: 0)
      }
      let place = centre - 0.5
      let floor = place.rounded(.down)
      return Neighbours(
        first: max(0, Int(floor)), second: min(extent - 1, Int(place.rounded(.up))), share: place - floor)
    }
  }
}
