/// A coarse grid of values from 0 to 1, to be drawn over an image.
public struct HeatMap: Hashable, Sendable {
  /// The number of columns, at least 1.
  public let width: Int
  /// The number of rows, at least 1.
  public let height: Int
  /// `height * width` values from 0 to 1, row by row.
  public let values: [Float]

  /// Makes a map of its values.
  ///
  /// - Precondition: both extents are positive and `values.count == height * width`.
  package init(width: Int, height: Int, values: [Float]) {
    precondition(
      width > 0 && height > 0 && values.count == width * height,
      "HeatMap: \(height) rows of \(width) are not \(values.count) values")
    self.width = width
    self.height = height
    self.values = values
  }

  /// The map at another size, bilinear between the centres of its cells and constant beyond the outermost.
  package func resized(width newWidth: Int, height newHeight: Int) -> HeatMap {
    let columns = Self.neighbours(from: width, to: newWidth)
    let rows = Self.neighbours(from: height, to: newHeight)
    var resized: [Float] = []
    resized.reserveCapacity(newWidth * newHeight)
    for row in rows {
      for column in columns {
        let upper = blend(row.first, column)
        resized.append(upper + (blend(row.second, column) - upper) * row.share)
      }
    }
    return HeatMap(width: newWidth, height: newHeight, values: resized)
  }

  private func blend(_ row: Int, _ column: Neighbours) -> Float {
    let left = values[row * width + column.first]
    return left + (values[row * width + column.second] - left) * column.share
  }

  /// The two old cells a new one lies between, and how far it is towards the second.
  private struct Neighbours {
    var first: Int
    var second: Int
    var share: Float
  }

  private static func neighbours(from oldSize: Int, to newSize: Int) -> [Neighbours] {
    (0..<max(0, newSize)).map { index in
      let place = (Double(index) + 0.5) * Double(oldSize) / Double(newSize) - 0.5
      let inside = min(max(place, 0), Double(oldSize - 1))
      let first = Int(inside)
      return Neighbours(
        first: first, second: min(first + 1, oldSize - 1), share: Float(inside - Double(first)))
    }
  }
}

extension HeatMap {
  /// The colours of all values from 1, at the top, to 0.
  package static func scale(width: Int, height: Int) -> Bitmap {
    let blank = Bitmap(width: width, height: height, red: 0, green: 0, blue: 0)
    let values = (0..<height).map { 1 - Float($0) / Float(max(1, height - 1)) }
    return blank.overlaid(with: HeatMap(width: 1, height: height, values: values), opacity: 1)
  }
}

extension Bitmap {
  /// Images side by side, with white between them; all are as high as the first.
  package static func sideBySide(_ images: [Bitmap], gap: Int = 8) -> Bitmap {
    let height = images[0].height
    let width = images.reduce(gap * (images.count - 1)) { $0 + $1.width }
    var pixels: [UInt8] = []
    pixels.reserveCapacity(3 * width * height)
    for row in 0..<height {
      for (index, image) in images.enumerated() {
        if index > 0 { pixels += [UInt8](repeating: 255, count: 3 * gap) }
        pixels += image.pixels[3 * row * image.width..<3 * (row + 1) * image.width]
      }
    }
    return Bitmap(width: width, height: height, samples: pixels)
  }

  /// The image with a heat map over it, in the colours of viridis: violet for 0, yellow for 1.
  ///
  /// - Parameters:
  ///   - heat: of any size; it is scaled to the image.
  ///   - opacity: the opacity of the colours, from 0 to 1.
  public func overlaid(with heat: HeatMap, opacity: Float = 0.55) -> Bitmap {
    let heat = heat.resized(width: width, height: height)
    let colors = (0...255).map { Self.viridis(Float($0) / 255) }
    var result = pixels
    for (index, value) in heat.values.enumerated() {
      let color = colors[Int(UInt8(saturating: (value * 255).rounded()))]
      for channel in 0..<3 {
        let old = Float(pixels[3 * index + channel])
        result[3 * index + channel] = UInt8(saturating: (old + (color[channel] - old) * opacity).rounded())
      }
    }
    return Bitmap(width: width, height: height, samples: result)
  }

  /// Matplotlib's viridis, between nine of its colours.
  private static func viridis(_ heat: Float) -> [Float] {
    let place = heat * Float(anchors.count - 1)
    let first = min(Int(place), anchors.count - 2)
    let share = place - Float(first)
    return zip(anchors[first], anchors[first + 1]).map { $0 + ($1 - $0) * share }
  }

  private static let anchors: [[Float]] = [
    [68, 1, 84], [71, 44, 122], [59, 81, 139], [44, 113, 142], [33, 144, 141], [39, 173, 129], [92, 200, 99],
    [170, 220, 50], [253, 231, 37],
  ]

  /// The image scaled down to at most `longest` pixels on either side, with its aspect ratio.
  public func shrunk(toFit longest: Int) throws(ImageError) -> Bitmap {
    guard max(width, height) > longest else { return self }
    let scale = Double(longest) / Double(max(width, height))
    return try resized(
      width: max(1, Int((Double(width) * scale).rounded())),
      height: max(1, Int((Double(height) * scale).rounded())), .box)
  }
}
