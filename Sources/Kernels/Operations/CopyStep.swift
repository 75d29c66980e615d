package import Tensors

/// Copies an activation, with rows and columns of zeros around it if wanted.
package struct CopyStep: KernelStep {
  private let size: ImageSize
  private let result: ImageSize
  private let top: Int
  private let left: Int
  private let input: Place
  private let output: Place

  /// - Parameters:
  ///   - size: the input's extents.
  ///   - result: the output's; the input lies in it `top` rows and `left` columns from the corner.
  package init(
    size: ImageSize, result: ImageSize, top: Int = 0, left: Int = 0, from input: Place, to output: Place
  ) {
    precondition(
      size.channels == result.channels && top >= 0 && left >= 0 && top + size.height <= result.height
        && left + size.width <= result.width, "CopyStep: \(size) does not fit into \(result)")
    self.size = size
    self.result = result
    self.top = top
    self.left = left
    self.input = input
    self.output = output
  }

  package func run(images: Int, in workspace: Workspace) {
    let step = self
    unsafe workspace.forEachRow(of: result, from: size, images: images, at: input, to: output) {
      image, line, row in
      unsafe step.copy(row, of: image, to: line)
    }
  }

  @unsafe private func copy(_ row: Int, of image: StridedPixels, to line: StridedPixels) {
    guard (top..<top + size.height).contains(row) else {
      return unsafe zero(line, pixels: result.width)
    }
    unsafe zero(line, pixels: left)
    unsafe copy(image.pixel((row - top) * size.width), to: line.pixel(left), pixels: size.width)
    unsafe zero(line.pixel(left + size.width), pixels: result.width - left - size.width)
  }

  @unsafe private func zero(_ target: StridedPixels, pixels: Int) {
    if unsafe target.stride == size.channels {
      return unsafe target.base.update(repeating: 0, count: pixels * size.channels)
    }
    for pixel in 0..<pixels { unsafe target.pixel(pixel).base.update(repeating: 0, count: size.channels) }
  }

  @unsafe private func copy(_ source: StridedPixels, to target: StridedPixels, pixels: Int) {
    if unsafe source.stride == size.channels && target.stride == size.channels {
      return unsafe target.base.update(from: source.base, count: pixels * size.channels)
    }
    for pixel in 0..<pixels {
      unsafe target.pixel(pixel).base.update(from: source.pixel(pixel).base, count: size.channels)
    }
  }
}
