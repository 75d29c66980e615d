import Kernels
import Testing
import Tensors

/// A layer to compute, and how many foreign channels lie on both sides of what it reads and writes.
struct Layout: CustomTestStringConvertible, Sendable {
  var window: Window
  var filters: Int
  var margin = 0
  var testDescription: String {
    let input = window.input
    return "\(input.height)x\(input.width)x\(input.channels), \(window.height)x\(window.width)"
      + "/\(window.rowStride), \(filters) filters, margin \(margin)"
  }
}

extension ImageSize {
  static func size(_ height: Int, _ width: Int, _ channels: Int) -> ImageSize {
    ImageSize(height: height, width: width, channels: channels)
  }
}
