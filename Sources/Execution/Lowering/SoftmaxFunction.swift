import Foundation
import Kernels

/// `exp(x) / sum(exp(x))` over the channels of each pixel.
struct SoftmaxFunction: TensorFunction {
  func compute(_ rows: Range<Int>, of output: PixelWriter, from inputs: [PixelReader]) {
    let input = inputs[0]
    let channels = 0..<output.size.channels
    for pixel in rows.lowerBound * output.size.width..<rows.upperBound * output.size.width {
      let largest = channels.reduce(-Float.infinity) { max($0, input[pixel, $1]) }
      var sum: Float = 0
      for channel in channels {
        let power = exp(input[pixel, channel] - largest)
        output[pixel, channel] = power
        sum += power
      }
      for channel in channels { output[pixel, channel] /= sum }
    }
  }
}
