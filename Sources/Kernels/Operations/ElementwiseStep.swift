import CKernels

/// Work that looks at one element, or at one element of each input, at a time.
package struct ElementwiseStep: KernelStep {
  /// What becomes of an element `x`.
  package enum Function: Sendable {
    /// `activation(x)`.
    case activation(KernelActivation)
    /// `activation(x * scale + shift)` with one factor and one term a channel.
    case affine(scale: [Float], shift: [Float], KernelActivation = .linear)
    /// `activation(x + y)`, where `y` is the element of another activation.
    case add(Place, KernelActivation = .linear)
  }

  private let function: Function
  private let size: ImageSize
  private let variant: KernelVariant
  private let input: Place
  private let output: Place

  package init(
    _ function: Function, size: ImageSize, variant: KernelVariant = .preferred, from input: Place,
    to output: Place
  ) {
    self.function = function
    self.size = size
    self.variant = variant
    self.input = input
    self.output = output
  }

  package func run(images: Int, in workspace: Workspace) {
    let source = unsafe StridedPixels(workspace.pointer(input, size, images: images), stride: input.stride)
    let target = unsafe StridedPixels(workspace.pointer(output, size, images: images), stride: output.stride)
    var other = unsafe source
    if case .add(let place, _) = function {
      unsafe other = StridedPixels(workspace.pointer(place, size, images: images), stride: place.stride)
    }
    let (addend, step) = unsafe (other, self)
    workspace.pool.forEachRange(images * size.pixels, unit: max(1, 16_384 / max(1, size.channels))) {
      range, _ in
      unsafe step.apply(
        source.pixel(range.lowerBound), addend.pixel(range.lowerBound), target.pixel(range.lowerBound),
        pixels: range.count)
    }
  }

  @unsafe private func apply(_ x: StridedPixels, _ y: StridedPixels, _ result: StridedPixels, pixels: Int) {
    let table = unsafe variant.table
    switch function {
    case .activation(let activation):
      unsafe table.activate(
        activation.description, x.base, x.stride, result.base, result.stride, pixels, size.channels)
    case .add(_, let activation):
      unsafe table.add(
        x.base, x.stride, y.base, y.stride, activation.description, result.base, result.stride, pixels,
        size.channels)
    case .affine(let scale, let shift, let activation):
      unsafe scale.withUnsafeBufferPointer { scale in
        unsafe shift.withUnsafeBufferPointer { shift in
          unsafe table.affine(
            x.base, x.stride, scale.baseAddress, shift.baseAddress, activation.description, result.base,
            result.stride, pixels, size.channels)
        }
      }
    }
  }
}

/// Pixels in memory, `stride` floats apart.
@unsafe struct StridedPixels: @unchecked Sendable {
  let base: UnsafeMutablePointer<Float>
  let stride: Int

  init(_ base: UnsafeMutablePointer<Float>, stride: Int) {
    unsafe self.base = unsafe base
    unsafe self.stride = stride
  }

  func pixel(_ index: Int) -> StridedPixels { unsafe StridedPixels(base + index * stride, stride: stride) }
}
