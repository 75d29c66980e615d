import Kernels
import Tensors

/// The kernels' arithmetic once more: one element at a time, in double precision, with nothing clever.
enum Reference {
  /// The elements a window covers, `(tap, pixel)` pairs in row-major order; a pixel outside is nil.
  static func taps(_ window: Window, x: Int, y: Int) -> [(tap: Int, pixel: Int?)] {
    (0..<window.area).map { tap in
      let row = y * window.rowStride - window.top + tap / window.width * window.rowDilation
      let column = x * window.columnStride - window.left + tap % window.width * window.columnDilation
      let isInside =
        (0..<window.input.height).contains(row) && (0..<window.input.width).contains(column)
      return (tap, isInside ? row * window.input.width + column : nil)
    }
  }

  /// One number a window and channel: `reduce(image, taps, channel)`.
  static func slide(
    _ window: Window, images: Int, channels: Int, _ reduce: (Int, [(tap: Int, pixel: Int?)], Int) -> Double
  ) -> [Float] {
    var result: [Float] = []
    for image in 0..<images {
      for pixel in 0..<window.outputHeight * window.outputWidth {
        let taps = taps(window, x: pixel % window.outputWidth, y: pixel / window.outputWidth)
        for channel in 0..<channels { result.append(Float(reduce(image, taps, channel))) }
      }
    }
    return result
  }

  /// A kernel `[window, channels / groups, filters]`.
  static func convolution(
    _ input: [Float], images: Int, _ window: Window, kernel: [Float], filters: Int, groups: Int = 1
  ) -> [Float] {
    let (channels, depth) = (window.input.channels, window.input.channels / groups)
    return slide(window, images: images, channels: filters) { image, taps, filter in
      let first = filter / (filters / groups) * depth
      var sum = 0.0
      for case (let tap, let pixel?) in taps {
        let start = (image * window.input.pixels + pixel) * channels + first
        for channel in 0..<depth {
          sum += Double(input[start + channel]) * Double(kernel[(tap * depth + channel) * filters + filter])
        }
      }
      return sum
    }
  }

  /// A kernel `[window, channels, multiplier]`.
  static func depthwise(
    _ input: [Float], images: Int, _ window: Window, kernel: [Float], multiplier: Int = 1
  ) -> [Float] {
    let channels = window.input.channels
    return slide(window, images: images, channels: channels * multiplier) { image, taps, filter in
      taps.reduce(0) { sum, tap in
        guard let pixel = tap.pixel else { return sum }
        let element = input[(image * window.input.pixels + pixel) * channels + filter / multiplier]
        return sum + Double(element) * Double(kernel[tap.tap * channels * multiplier + filter])
      }
    }
  }

  static func maximum(_ input: [Float], images: Int, _ window: Window, outside: Double?) -> [Float] {
    let channels = window.input.channels
    return slide(window, images: images, channels: channels) { image, taps, channel in
      taps.reduce(-.infinity) { largest, tap in
        guard let pixel = tap.pixel else { return max(largest, outside ?? -.infinity) }
        return max(largest, Double(input[(image * window.input.pixels + pixel) * channels + channel]))
      }
    }
  }

  static func average(_ input: [Float], images: Int, _ window: Window) -> [Float] {
    let channels = window.input.channels
    return slide(window, images: images, channels: channels) { image, taps, channel in
      let inside = taps.compactMap(\.pixel).map {
        Double(input[(image * window.input.pixels + $0) * channels + channel])
      }
      return inside.reduce(0, +) / Double(inside.count)
    }
  }
}
