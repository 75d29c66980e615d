package import Tensors

/// `(x - mean) / sqrt(variance + epsilon) * scale + shift` of groups of channels, over one pixel or over all pixels of an image.
package struct StandardizationStep: KernelStep {
  private let size: ImageSize
  private let groups: Int
  private let pixelByPixel: Bool
  private let epsilon: Float
  private let scale: ByteBuffer
  private let shift: ByteBuffer
  private let variant: KernelVariant
  private let input: Place
  private let output: Place

  /// - Parameters:
  ///   - scale: one factor a channel; nil for ones.
  ///   - shift: one term a channel; nil for zeros.
  /// - Precondition: the groups divide the channels.
  package init(
    size: ImageSize, groups: Int, pixelByPixel: Bool, epsilon: Float, scale: [Float]? = nil,
    shift: [Float]? = nil,
    variant: KernelVariant = .preferred, from input: Place, to output: Place
  ) {
    precondition(
      groups > 0 && size.channels % groups == 0, "StandardizationStep: \(groups) groups of \(size)")
    self.size = size
    self.groups = groups
    self.pixelByPixel = pixelByPixel
    self.epsilon = epsilon
    self.scale = ByteBuffer(scale ?? [Float](repeating: 1, count: size.channels))
    self.shift = ByteBuffer(shift ?? [Float](repeating: 0, count: size.channels))
    self.variant = variant
    self.input = input
    self.output = output
  }

  package func run(images: Int, in workspace: Workspace) {
    if pixelByPixel && groups == 1 { return runByPixels(images: images, in: workspace) }
    let source = unsafe StridedPixels(workspace.pointer(input, size, images: images), stride: input.stride)
    let target = unsafe StridedPixels(workspace.pointer(output, size, images: images), stride: output.stride)
    let step = self
    let (parts, pixels) = pixelByPixel ? (images * size.pixels, 1) : (images, size.pixels)
    let unit = max(1, 16_384 / max(1, pixels * size.channels / groups))
    workspace.pool.forEachRange(parts * groups, unit: unit) { range, _ in
      for index in range {
        let (part, group) = index.quotientAndRemainder(dividingBy: step.groups)
        let first = group * step.size.channels / step.groups
        let from = unsafe source.pixel(part * pixels)
        let to = unsafe target.pixel(part * pixels)
        unsafe step.standardize(
          StridedPixels(from.base + first, stride: from.stride),
          to: StridedPixels(to.base + first, stride: to.stride), pixels: pixels, firstChannel: first)
      }
    }
  }

  private func runByPixels(images: Int, in workspace: Workspace) {
    let step = self
    unsafe workspace.forEachPixels(of: size, images: images, from: input, to: output) { x, result, pixels in
      unsafe step.variant.table.standardize(
        x.base, x.stride, step.epsilon, step.scale.floats, step.shift.floats, result.base, result.stride,
        pixels,
        step.size.channels)
    }
  }

  @unsafe private func standardize(
    _ source: StridedPixels, to target: StridedPixels, pixels: Int, firstChannel: Int
  ) {
    let channels = size.channels / groups
    let count = Double(pixels * channels)
    var total = 0.0
    for pixel in 0..<pixels { total += unsafe Double(sum(source.pixel(pixel).base, channels) { $0 }) }
    let mean = Float(total / count)
    var squares = 0.0
    for pixel in 0..<pixels {
      squares += unsafe Double(sum(source.pixel(pixel).base, channels) { ($0 - mean) * ($0 - mean) })
    }
    let factor = 1 / (Float(squares / count) + epsilon).squareRoot()
    let (scale, shift) = unsafe (scale.floats + firstChannel, shift.floats + firstChannel)
    for pixel in 0..<pixels {
      let (x, y) = unsafe (source.pixel(pixel).base, target.pixel(pixel).base)
      for channel in 0..<channels {
        unsafe y[channel] = (x[channel] - mean) * factor * scale[channel] + shift[channel]
      }
    }
  }

  /// The sum of `term` over so many elements, in eight chains.
  @unsafe @inline(__always) private func sum(
    _ elements: UnsafePointer<Float>, _ count: Int, _ term: (SIMD8<Float>) -> SIMD8<Float>
  ) -> Float {
    var sums = SIMD8<Float>.zero
    let whole = count / 8 * 8
    for start in stride(from: 0, to: whole, by: 8) {
      sums += unsafe term(
        UnsafeRawPointer(elements + start).loadUnaligned(as: SIMD8<Float>.self))
    }
    var rest = SIMD8<Float>.zero
    for index in whole..<count { unsafe rest[index - whole] = elements[index] }
    let last = term(rest)
    for lane in 0..<count - whole { sums[lane] += last[lane] }
    return sums.sum()
  }
}
