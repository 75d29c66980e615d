/// The extents of one image's activation, `[H, W, C]`.
package struct ImageSize: Hashable, Sendable {
  package var height: Int
  package var width: Int
  package var channels: Int

  package init(height: Int, width: Int, channels: Int) {
    self.height = height
    self.width = width
    self.channels = channels
  }

  /// `[H, W, C]`; shapes of other ranks as rows of pixels whose channels are the last axis.
  package init(_ shape: TensorShape) {
    let extents = shape.dimensions
    let width = extents.count > 1 ? extents[extents.count - 2] : 1
    self.init(height: extents.dropLast(2).reduce(1, *), width: width, channels: extents.last ?? 1)
  }

  package var pixels: Int { height * width }
  package var elements: Int { height * width * channels }
}

/// A window sliding over an image: what convolutions and poolings have in common.
package struct Window: Hashable, Sendable {
  package var input: ImageSize
  package var outputHeight: Int
  package var outputWidth: Int
  package var height: Int
  package var width: Int
  package var rowStride: Int
  package var columnStride: Int
  /// Pixels from one position of the window to the next; 1 for windows without gaps.
  package var rowDilation: Int
  package var columnDilation: Int
  /// Rows of padding above, columns to the left; what is below and to the right follows from the extents.
  package var top: Int
  package var left: Int

  package init(
    input: ImageSize, outputHeight: Int, outputWidth: Int, height: Int, width: Int, rowStride: Int,
    columnStride: Int, rowDilation: Int = 1, columnDilation: Int = 1, top: Int, left: Int
  ) {
    precondition(rowDilation > 0 && columnDilation > 0, "Window: positions cannot fall together")
    self.input = input
    self.outputHeight = outputHeight
    self.outputWidth = outputWidth
    self.height = height
    self.width = width
    self.rowStride = rowStride
    self.columnStride = columnStride
    self.rowDilation = rowDilation
    self.columnDilation = columnDilation
    self.top = top
    self.left = left
  }

  /// One pixel in, one pixel out: a matrix product over pixels.
  package init(pointwise input: ImageSize) {
    self.init(
      input: input, outputHeight: input.height, outputWidth: input.width, height: 1, width: 1, rowStride: 1,
      columnStride: 1, top: 0, left: 0)
  }

  /// How many positions the window has.
  package var area: Int { height * width }

  /// The rows from the first position to the last, gaps included.
  package var spannedHeight: Int { (height - 1) * rowDilation + 1 }
  /// The columns from the first position to the last, gaps included.
  package var spannedWidth: Int { (width - 1) * columnDilation + 1 }
  /// Whether there are gaps between positions.
  package var isDilated: Bool { rowDilation > 1 || columnDilation > 1 }

  /// The output with `channels` channels.
  package func output(channels: Int) -> ImageSize {
    ImageSize(height: outputHeight, width: outputWidth, channels: channels)
  }

  /// Whether some window reaches over the left or right edge.
  package var crossesSides: Bool {
    left > 0 || (outputWidth - 1) * columnStride - left + spannedWidth > input.width
  }
}
