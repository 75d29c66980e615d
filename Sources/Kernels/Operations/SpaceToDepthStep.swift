package import Tensors

/// Makes one pixel of every 2 x 2 pixels, with zeros around the image (TensorFlow's `space_to_depth` of a padded
/// image): a window that moves by two pixels becomes one that moves by one.
package struct SpaceToDepthStep: KernelStep {
  private let window: Window
  private let blocks: ImageSize
  private let input: Place
  private let output: Place

  /// - Parameter window: a window with ``Window/overBlocks``, whose input is read.
  /// - Precondition: a pixel of the output has no other channels than `[2, 2, input channels]`.
  package init(window: Window, from input: Place, to output: Place) {
    blocks = window.overBlocks.input
    precondition(output.stride == blocks.channels, "SpaceToDepthStep: the output is a slice")
    self.window = window
    self.input = input
    self.output = output
  }

  package func run(images: Int, in workspace: Workspace) {
    let source = unsafe StridedPixels(
      workspace.pointer(input, window.input, images: images), stride: input.stride)
    let target = unsafe StridedPixels(
      workspace.pointer(output, blocks, images: images), stride: output.stride)
    let step = self
    workspace.pool.forEachRange(images * blocks.height, unit: 8) { range, _ in
      for row in range { unsafe step.fillRow(row, from: source, to: target) }
    }
  }

  /// Fills a row of blocks: the upper and the lower halves of its pixels, each from one row of the image.
  @unsafe private func fillRow(_ row: Int, from source: StridedPixels, to target: StridedPixels) {
    let (image, y) = row.quotientAndRemainder(dividingBy: blocks.height)
    let half = blocks.channels / 2
    for lower in 0..<2 {
      let line = 2 * y + lower - window.top
      let start = unsafe target.pixel(row * blocks.width).base + lower * half
      guard (0..<window.input.height).contains(line) else {
        for x in 0..<blocks.width { unsafe (start + x * blocks.channels).update(repeating: 0, count: half) }
        continue
      }
      let pixels = unsafe source.pixel((image * window.input.height + line) * window.input.width)
      for x in 0..<blocks.width { unsafe copyPair(x, from: pixels, to: start + x * blocks.channels) }
    }
  }

  /// Copies two neighbouring pixels of a row of the image; those outside of it are zeros.
  @unsafe private func copyPair(_ x: Int, from row: StridedPixels, to target: UnsafeMutablePointer<Float>) {
    let (channels, first) = (window.input.channels, 2 * x - window.left)
    if first >= 0, first + 1 < window.input.width, input.stride == channels {
      return unsafe copyTwice(channels, from: row.pixel(first).base, to: target)
    }
    for column in 0..<2 {
      let place = unsafe target + column * channels
      if (0..<window.input.width).contains(first + column) {
        unsafe place.update(from: row.pixel(first + column).base, count: channels)
      } else {
        unsafe place.update(repeating: 0, count: channels)
      }
    }
  }
}

/// Copies twice as many floats as there are channels: too few for a call of the system's.
@unsafe @inline(__always) private func copyTwice(
  _ channels: Int, from source: UnsafePointer<Float>, to target: UnsafeMutablePointer<Float>
) {
  let (source, target) = unsafe (UnsafeRawPointer(source), UnsafeMutableRawPointer(target))
  for offset in stride(from: 0, to: channels * 8, by: 8) {
    let both = unsafe source.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
    unsafe target.storeBytes(of: both, toByteOffset: offset, as: UInt64.self)
  }
}

extension Window {
  /// The window over 2 x 2 blocks of pixels that gives what this one gives, which moves by two pixels. The blocks begin
  /// with the padding.
  package var overBlocks: Window {
    let (rows, columns) = ((height + 1) / 2, (width + 1) / 2)
    let blocks = ImageSize(
      height: outputHeight - 1 + rows, width: outputWidth - 1 + columns, channels: 4 * input.channels)
    return Window(
      input: blocks, outputHeight: outputHeight, outputWidth: outputWidth, height: rows, width: columns,
      rowStride: 1, columnStride: 1, top: 0, left: 0)
  }

  /// This window's kernel `[height, width, channels, filters]` for ``overBlocks``, with zeros where an odd window does
  /// not fill its last blocks.
  package func kernelOverBlocks(_ kernel: Span<Float>, filters: Int) -> [Float] {
    let blocks = overBlocks
    var result = [Float](repeating: 0, count: blocks.area * blocks.input.channels * filters)
    let run = input.channels * filters
    for y in 0..<height {
      for x in 0..<width {
        let block = (y / 2 * blocks.width + x / 2) * 4 + y % 2 * 2 + x % 2
        for i in 0..<run { result[block * run + i] = kernel[(y * width + x) * run + i] }
      }
    }
    return result
  }
}
