import CKernels
package import Tensors

/// Work that looks at one element, or at one element of each input, at a time. The output may lie where an input does.
package struct ElementwiseStep: KernelStep {
  /// What becomes of an element `x`.
  package enum Function: Sendable {
    /// `activation(x)`.
    case activation(KernelActivation)
    /// `activation(x * scale + shift)` with one factor and one term a channel.
    case affine(scale: [Float], shift: [Float], KernelActivation = .linear)
    /// `activation` of what a combination makes of `x` and an element `y` of another activation.
    case combine(Combination, KernelActivation = .linear)

    /// `activation(x + y)`, where `y` is the element of another activation of the same extents.
    package static func add(_ other: Place, _ activation: KernelActivation = .linear) -> Function {
      .combine(Combination(.add, other), activation)
    }
  }

  private var function: Function
  private let size: ImageSize
  private let variant: KernelVariant
  private let input: Place
  private let output: Place
  private let pixelsTogether: Int

  /// - Parameter size: the extents of `x` and of the output.
  package init(
    _ function: Function, size: ImageSize, variant: KernelVariant = .preferred, from input: Place,
    to output: Place
  ) {
    self.function = function
    self.size = size
    self.variant = variant
    self.input = input
    self.output = output
    // Pixels of a few channels are taken a vector's lanes at a time, where no other channels lie between them.
    let isDense = input.stride == size.channels && output.stride == size.channels
    pixelsTogether = isDense && size.channels < variant.lanes ? variant.lanes : 1
  }

  package func run(images: Int, in workspace: Workspace) {
    if case .combine(let combination, let activation) = function {
      var work = unsafe combination.description(size, images: images, in: workspace)
      unsafe work.x = UnsafePointer(workspace.pointer(input, size, images: images))
      unsafe work.x_stride = input.stride
      unsafe work.output = workspace.pointer(output, size, images: images)
      unsafe work.output_stride = output.stride
      unsafe work.channels = size.channels
      unsafe work.activation = activation.description
      return unsafe combine(work, images: images, isPooled: combination.other.isPooled, on: workspace.pool)
    }
    let step = repeated
    unsafe workspace.forEachPixels(of: size, images: images, from: input, to: output) { x, result, pixels in
      let whole = pixels / step.pixelsTogether
      unsafe step.apply(step.function, x, result, pixels: whole, together: step.pixelsTogether)
      let done = whole * step.pixelsTogether
      unsafe step.apply(self.function, x.pixel(done), result.pixel(done), pixels: pixels - done, together: 1)
    }
  }

  /// The same with factors and terms of several pixels.
  private var repeated: ElementwiseStep {
    guard case .affine(let scale, let shift, let activation) = function, pixelsTogether > 1 else {
      return self
    }
    var step = self
    let times = 0..<pixelsTogether
    step.function = .affine(
      scale: times.flatMap { _ in scale }, shift: times.flatMap { _ in shift }, activation)
    return step
  }

  /// Pixels worth a task of their own.
  private var pixelsPerTask: Int { max(1, 16_384 / max(1, size.channels)) }

  @unsafe private func apply(
    _ function: Function, _ x: StridedPixels, _ result: StridedPixels, pixels: Int, together: Int
  ) {
    let (table, channels) = unsafe (variant.table, size.channels * together)
    let (xStride, resultStride) = unsafe (x.stride * together, result.stride * together)
    switch function {
    case .activation(let activation):
      unsafe table.activate(
        activation.description, x.base, xStride, result.base, resultStride, pixels, channels)
    case .affine(let scale, let shift, let activation):
      unsafe scale.withUnsafeBufferPointer { scale in
        unsafe shift.withUnsafeBufferPointer { shift in
          unsafe table.affine(
            x.base, xStride, scale.baseAddress, shift.baseAddress, activation.description, result.base,
            resultStride, pixels, channels)
        }
      }
    case .combine: break
    }
  }

  /// Combines all pixels; where every image has but one pixel of the other activation, image by image.
  @unsafe private func combine(
    _ work: kernels_combination, images: Int, isPooled: Bool, on pool: ThreadPool
  ) {
    let (table, part) = unsafe (variant.table, isPooled ? size.pixels : images * size.pixels)
    pool.forEachRange(images * size.pixels, unit: pixelsPerTask) { range, _ in
      var first = range.lowerBound
      while first < range.upperBound {
        let index = first / part
        let end = min(range.upperBound, (index + 1) * part)
        var own = unsafe work
        if isPooled {
          unsafe own.y = work.y + index * work.y_stride
          unsafe own.y_stride = 0
        }
        unsafe withUnsafePointer(to: own) { unsafe table.combine($0, first, end) }
        first = end
      }
    }
  }
}

/// What becomes of two activations, element by element.
package struct Combination: Sendable {
  /// What becomes of an element `x` of the first and an element `y` of the second.
  package enum Pairing: Hashable, Sendable {
    /// `x + y`
    case add
    /// `x - y`
    case subtract
    /// `x * y`
    case multiply
    /// The larger; NaN if either is NaN.
    case maximum
    /// The smaller; NaN if either is NaN.
    case minimum
    /// `(x + y) / count`: the last of the sums that make the mean of `count` activations.
    case average(of: Int)
  }

  /// Where the second activation lies, and how its pixels meet those of the first.
  package enum Other: Hashable, Sendable {
    /// One with the extents of the first.
    case whole(Place)
    /// One of one pixel, which meets every pixel of its image: `[1, 1, C]`, as squeeze-and-excitation has it.
    case pooled(Place)
    /// One of one channel, which meets every channel of its pixel: `[H, W, 1]`.
    case narrow(Place)

    fileprivate var isPooled: Bool { if case .pooled = self { true } else { false } }
  }

  package var pairing: Pairing
  package var other: Other

  package init(_ pairing: Pairing, _ other: Other) {
    self.pairing = pairing
    self.other = other
  }

  /// With another activation of the same extents.
  package init(_ pairing: Pairing, _ other: Place) { self.init(pairing, .whole(other)) }

  @unsafe fileprivate func description(
    _ size: ImageSize, images: Int, in workspace: Workspace
  ) -> kernels_combination {
    var work = unsafe kernels_combination()
    unsafe work.pairing = pairing.function
    unsafe work.divisor = pairing.divisor
    let (place, extents) =
      switch other {
      case .whole(let place): (place, size)
      case .pooled(let place): (place, ImageSize(height: 1, width: 1, channels: size.channels))
      case .narrow(let place): (place, ImageSize(height: size.height, width: size.width, channels: 1))
      }
    unsafe work.y = UnsafePointer(workspace.pointer(place, extents, images: images))
    unsafe work.y_stride = place.stride
    if case .narrow = other { unsafe work.y_is_narrow = true }
    return unsafe work
  }
}

extension Combination.Pairing {
  fileprivate var function: kernels_pairing {
    switch self {
    case .add, .average: KERNELS_ADD
    case .subtract: KERNELS_SUBTRACT
    case .multiply: KERNELS_MULTIPLY
    case .maximum: KERNELS_MAXIMUM
    case .minimum: KERNELS_MINIMUM
    }
  }

  fileprivate var divisor: Float { if case .average(let count) = self { Float(count) } else { 1 } }
}
