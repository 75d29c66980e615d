import Catalog
import Tensors

/// What becomes of whole images: resizing, spreading, other orders of axes, standardisation.
extension PlainNetwork {
  /// `(x - mean) / sqrt(variance + epsilon)` of the elements of each part.
  func standardized(
    _ input: Map, _ parts: [Int], _ epsilon: Double, _ layer: Layer, scale: Bool, center: Bool
  ) -> [Double] {
    let count = (parts.max() ?? 0) + 1
    var sums = [Double](repeating: 0, count: count)
    var squares = sums
    for (element, part) in zip(input.elements, parts) { sums[part] += element }
    let size = Double(input.elements.count / count)
    for (element, part) in zip(input.elements, parts) {
      squares[part] += (element - sums[part] / size) * (element - sums[part] / size)
    }
    let (gamma, beta) = (weights(layer, "gamma"), weights(layer, "beta"))
    return input.elements.indices.map { index in
      let (part, channel) = (parts[index], index % input.channels)
      let unit = (input.elements[index] - sums[part] / size) / (squares[part] / size + epsilon).squareRoot()
      return unit * (scale ? gamma[channel] : 1) + (center ? beta[channel] : 0)
    }
  }

  func resized(_ input: Map, _ result: Map, _ interpolation: UpSampling2D.Interpolation) -> [Double] {
    (0..<result.height * result.width * result.channels).map { index in
      let (pixel, channel) = index.quotientAndRemainder(dividingBy: result.channels)
      let (y, x) = pixel.quotientAndRemainder(dividingBy: result.width)
      if interpolation == .nearest {
        return input.at(
          (2 * y + 1) * input.height / (2 * result.height), (2 * x + 1) * input.width / (2 * result.width),
          channel)
          ?? 0
      }
      let rows = neighbours(y, of: result.height, in: input.height)
      let columns = neighbours(x, of: result.width, in: input.width)
      return rows.reduce(0) { sum, row in
        columns.reduce(sum) { sum, column in
          sum + row.share * column.share * (input.at(row.index, column.index, channel) ?? 0)
        }
      }
    }
  }

  private func neighbours(
    _ position: Int, of count: Int, in extent: Int
  ) -> [(index: Int, share: Double)] {
    let center = (Double(position) + 0.5) * Double(extent) / Double(count) - 0.5
    let inside = min(max(center, 0), Double(extent - 1))
    let lower = Int(inside)
    let share = inside - Double(lower)
    return [(lower, 1 - share), (min(lower + 1, extent - 1), share)]
  }

  func permuted(_ input: Map, _ shape: TensorShape, _ axes: [Int]) -> [Double] {
    let extents = shape.dimensions
    let result = axes.map { extents[$0 - 1] }
    return input.elements.indices.map { index in
      var (rest, position) = (index, [Int](repeating: 0, count: extents.count))
      for axis in result.indices.reversed() {
        position[axes[axis] - 1] = rest % result[axis]
        rest /= result[axis]
      }
      return input.elements[zip(position, extents).reduce(0) { $0 * $1.1 + $1.0 }]
    }
  }

  /// Every pixel times the kernel, added where it falls.
  func spread(_ input: Map, _ result: Map, _ kind: Conv2DTranspose, _ kernel: [Double]) -> [Double] {
    var sums = [Double](repeating: 0, count: result.height * result.width * result.channels)
    func before(_ size: Int, _ stride: Int) -> Int {
      kind.padding == .same ? max(size - stride, 0) / 2 : 0
    }
    let top = before(kind.kernel.height, kind.strides.height)
    let left = before(kind.kernel.width, kind.strides.width)
    for pixel in 0..<input.height * input.width {
      for tap in 0..<kind.kernel.height * kind.kernel.width {
        let y = pixel / input.width * kind.strides.height + tap / kind.kernel.width - top
        let x = pixel % input.width * kind.strides.width + tap % kind.kernel.width - left
        guard (0..<result.height).contains(y), (0..<result.width).contains(x) else { continue }
        for filter in 0..<result.channels {
          for channel in 0..<input.channels {
            sums[(y * result.width + x) * result.channels + filter] +=
              input.elements[pixel * input.channels + channel]
              * kernel[(tap * result.channels + filter) * input.channels + channel]
          }
        }
      }
    }
    return sums
  }
}
