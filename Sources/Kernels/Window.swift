import CKernels

/// A window sliding over an image: what convolutions and poolings have in common.
package struct Window: Hashable, Sendable {
  package var input: ImageSize
  package var outputHeight: Int
  package var outputWidth: Int
  package var height: Int
  package var width: Int
  package var rowStride: Int
  package var columnStride: Int
  /// Rows of padding above, columns to the left; what is below and to the right follows from the extents.
  package var top: Int
  package var left: Int

  package init(
    input: ImageSize, outputHeight: Int, outputWidth: Int, height: Int, width: Int, rowStride: Int,
    columnStride: Int, top: Int, left: Int
  ) {
    self.input = input
    self.outputHeight = outputHeight
    self.outputWidth = outputWidth
    self.height = height
    self.width = width
    self.rowStride = rowStride
    self.columnStride = columnStride
    self.top = top
    self.left = left
  }

  /// One pixel in, one pixel out: a matrix product over pixels.
  package init(pointwise input: ImageSize) {
    self.init(
      input: input, outputHeight: input.height, outputWidth: input.width, height: 1, width: 1, rowStride: 1,
      columnStride: 1, top: 0, left: 0)
  }

  package var area: Int { height * width }

  /// The output with `channels` channels.
  package func output(channels: Int) -> ImageSize {
    ImageSize(height: outputHeight, width: outputWidth, channels: channels)
  }

  /// Whether some window reaches over the left or right edge.
  package var crossesSides: Bool {
    left > 0 || (outputWidth - 1) * columnStride - left + width > input.width
  }

  /// The same window one column wide over "pixels" that hold a whole row of it, if its rows lie in one piece:
  /// the image is dense and no window crosses its sides. The products and their order stay the same.
  func joiningColumns(stride: Int) -> Window? {
    guard width > 1, stride == input.channels, !crossesSides else { return nil }
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
      step_x: columnStride, top: top, left: left)
  }
}
