extension FloatPixels {
  /// The image through a map, between pixels by their distance: SciPy's `affine_transform` of order 1, channel by
  /// channel.
  func resampled(_ map: AffineMap, fillMode: FillMode, fillValue: Float) -> FloatPixels {
    let source = values.span
    let moved = [Float](capacity: values.count) { target in
      for row in 0..<height {
        for column in 0..<width {
          let (y, x) = (Double(row), Double(column))
          let oldRow = map.rowByRow * y + map.rowByColumn * x + map.rowOffset
          let oldColumn = map.columnByRow * y + map.columnByColumn * x + map.columnOffset
          guard let rows = Neighbours(oldRow, count: height, fillMode),
            let columns = Neighbours(oldColumn, count: width, fillMode)
          else {
            for _ in 0..<3 { target.append(fillValue) }
            continue
          }
          Self.append(source, width, rows, columns, to: &target)
        }
      }
    }
    return FloatPixels(width: width, height: height, values: moved)
  }

  private static func append(
    _ source: Span<Float>, _ width: Int, _ rows: Neighbours, _ columns: Neighbours,
    to target: inout OutputSpan<Float>
  ) {
    let upperLeft = 3 * (rows.first * width + columns.first)
    let upperRight = 3 * (rows.first * width + columns.second)
    let lowerLeft = 3 * (rows.second * width + columns.first)
    let lowerRight = 3 * (rows.second * width + columns.second)
    for channel in 0..<3 {
      var sum = Double(source[upperLeft + channel]) * rows.firstWeight * columns.firstWeight
      sum += Double(source[upperRight + channel]) * rows.firstWeight * columns.secondWeight
      sum += Double(source[lowerLeft + channel]) * rows.secondWeight * columns.firstWeight
      sum += Double(source[lowerRight + channel]) * rows.secondWeight * columns.secondWeight
      target.append(Float(sum))
    }
  }
}

/// The two pixels of an axis that a coordinate lies between, and what each counts.
private struct Neighbours {
  let first: Int
  let second: Int
  let firstWeight: Double
  let secondWeight: Double

  /// Nil where the constant is, and for a coordinate that is no number of pixels.
  init?(_ coordinate: Double, count: Int, _ fillMode: FillMode) {
    guard let mapped = fillMode.mapped(coordinate, count: count) else { return nil }
    let below = mapped.rounded(.down)
    guard let whole = Int(exactly: below) else { return nil }
    firstWeight = 1 - (mapped - below)
    secondWeight = 1 - firstWeight
    // Beyond an edge there is the edge itself, in every mode that gets here.
    first = min(max(whole, 0), count - 1)
    second = min(max(whole + 1, 0), count - 1)
  }
}
