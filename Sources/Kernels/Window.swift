import CKernels
import Tensors

extension Window {
  /// The same window one column wide over "pixels" that hold a whole row of it, if its rows lie in one piece:
  /// the image is dense and no window crosses its sides. The products and their order stay the same.
  func joiningColumns(stride: Int) -> Window? {
    guard width > 1, columnDilation == 1, stride == input.channels, !crossesSides else { return nil }
    var joined = self
    joined.input.channels *= width
    joined.width = 1
    return joined
  }

  @unsafe func description(reading input: UnsafePointer<Float>, stride: Int) -> kernels_window {
    unsafe kernels_window(
      input: input, input_height: self.input.height, input_width: self.input.width,
      input_channels: self.input.channels, input_stride: stride, output_height: outputHeight,
      output_width: outputWidth, window_height: height, window_width: width, step_y: rowStride,
      step_x: columnStride, dilation_y: rowDilation, dilation_x: columnDilation, top: top, left: left)
  }
}
