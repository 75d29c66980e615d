package import Tensors

/// Resizes an image: each pixel is a mean of the four around its centre, by distance. Centres lie half a pixel from the
/// edges, as in TensorFlow's `resize` without antialiasing.
package struct BilinearStep: KernelStep {
  /// Two neighbours and how far it is from the first to the second.
  private struct Tap {
    var lower: Int
    var upper: Int
    var share: Float
  }

  private let rows: [Tap]
  private let columns: [Tap]
  private let size: ImageSize
  private let result: ImageSize
  private let input: Place
  private let output: Place

  package init(size: ImageSize, result: ImageSize, from input: Place, to output: Place) {
    precondition(size.channels == result.channels, "BilinearStep: \(size) and \(result)")
    rows = Self.taps(from: size.height, to: result.height)
    columns = Self.taps(from: size.width, to: result.width)
    self.size = size
    self.result = result
    self.input = input
    self.output = output
  }

  private static func taps(from extent: Int, to count: Int) -> [Tap] {
    let scale = Float(extent) / Float(count)
    return (0..<count).map { position in
      let center = (Float(position) + 0.5) * scale - 0.5
      let floor = center.rounded(.down)
      return Tap(
        lower: max(0, Int(floor)), upper: min(extent - 1, Int(center.rounded(.up))), share: center - floor)
    }
  }

  package func run(images: Int, in workspace: Workspace) {
    let step = self
    unsafe workspace.forEachRow(of: result, from: size, images: images, at: input, to: output) {
      image, line, row in
      unsafe step.fill(line, step.rows[row], from: image)
    }
  }

  @unsafe private func fill(_ line: StridedPixels, _ row: Tap, from image: StridedPixels) {
    let upper = unsafe image.pixel(row.lower * size.width)
    let lower = unsafe image.pixel(row.upper * size.width)
    for (x, column) in columns.enumerated() {
      let (a, b) = unsafe (upper.pixel(column.lower).base, upper.pixel(column.upper).base)
      let (c, d) = unsafe (lower.pixel(column.lower).base, lower.pixel(column.upper).base)
      let pixel = unsafe line.pixel(x).base
      for channel in 0..<size.channels {
        let top = unsafe a[channel] + (b[channel] - a[channel]) * column.share
        let bottom = unsafe c[channel] + (d[channel] - c[channel]) * column.share
        unsafe pixel[channel] = top + (bottom - top) * row.share
      }
    }
  }
}
