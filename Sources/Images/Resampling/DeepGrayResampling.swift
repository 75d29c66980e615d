import Tensors

// Pillow's arithmetic for gray of 16 and 32 bits (`ImagingResampleHorizontal_16bpc`, `_32bpc`): weights stay floating-point, and
// each pass rounds.

extension DeepGray {
  /// Brings the largest part in the middle with the new proportions to size, or all of it.
  func resized(
    width newWidth: Int, height newHeight: Int, _ interpolation: Interpolation, keepingAspect: Bool
  ) -> DeepGray {
    let part =
      keepingAspect
      ? AspectPart(width: width, height: height, likeWidth: newWidth, height: newHeight)
      : AspectPart(columns: 0..<width, rows: 0..<height)
    let isWhole = part.columns.count == width && part.rows.count == height
    if isWhole, (newWidth, newHeight) == (width, height) { return self }
    if interpolation == .nearest || (part.columns.count, part.rows.count) == (newWidth, newHeight) {
      return nearest(part, newWidth, newHeight)
    }
    let columns = FilterWeights(from: width, part.columns, to: newWidth, interpolation)
    let rows = FilterWeights(from: height, part.rows, to: newHeight, interpolation)
    let (stretches, blends) = (
      newWidth != width || part.columns.count != width, newHeight != height || part.rows.count != height
    )
    if Bitmap.shrinksHeightFirst(from: (width, height), to: (newWidth, newHeight)) {
      let blended = blends ? self.blended(rows) : self
      return stretches ? blended.stretched(columns) : blended
    }
    let stretched = stretches ? self.stretched(columns) : self
    return blends ? stretched.blended(rows) : stretched
  }

  private func nearest(_ part: AspectPart, _ newWidth: Int, _ newHeight: Int) -> DeepGray {
    let columns = Bitmap.nearestPositions(from: part.columns.count, to: newWidth)
    let rows = Bitmap.nearestPositions(from: part.rows.count, to: newHeight)
    return replacing(width: newWidth, height: newHeight) { x, y in
      values[(part.rows.lowerBound + rows[y]) * width + part.columns.lowerBound + columns[x]]
    }
  }

  private func stretched(_ weights: FilterWeights) -> DeepGray {
    replacing(width: weights.rows.count, height: height) { x, y in
      let row = weights.rows[x]
      var sum = 0.0
      for (index, weight) in row.weights.enumerated() {
        sum += Double(values[y * width + row.start + index]) * weight
      }
      return rounded(sum)
    }
  }

  private func blended(_ weights: FilterWeights) -> DeepGray {
    replacing(width: width, height: weights.rows.count) { x, y in
      let row = weights.rows[y]
      var sum = 0.0
      for (index, weight) in row.weights.enumerated() {
        sum += Double(values[(row.start + index) * width + x]) * weight
      }
      return rounded(sum)
    }
  }

  /// To the nearest number, halves away from zero. Of 16 bits Pillow cuts each byte by itself where a filter overshoots.
  private func rounded(_ sum: Double) -> Int32 {
    let whole = Int32(max(-2_147_483_648, min(2_147_483_647, sum.rounded(.toNearestOrAwayFromZero))))
    guard isOf16Bits else { return whole }
    let (low, high) = (max(whole % 256, 0), min(max(whole >> 8, 0), 255))
    return high << 8 | low
  }

  private func replacing(width: Int, height: Int, _ value: (_ x: Int, _ y: Int) -> Int32) -> DeepGray {
    let values = [Int32](capacity: width * height) { target in
      for y in 0..<height {
        for x in 0..<width { target.append(value(x, y)) }
      }
    }
    return DeepGray(width: width, height: height, values: values, isOf16Bits: isOf16Bits)
  }
}
