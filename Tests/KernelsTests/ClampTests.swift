import Kernels
import Testing
import Tensors

extension Clamp {
  /// Limits that most noise is outside of.
  static let narrow = Clamp(minimum: -0.25, maximum: 0.5)

  func limiting(_ x: Float) -> Float { min(max(x, minimum), maximum) }
}

/// What all steps that end with a clamp have in common.
@Suite struct ClampTests {
  static let clamps = [Clamp.relu, .relu6, .narrow, Clamp(maximum: 0.125), Clamp()]

  /// Every step that can clamp its results or its inputs, over 7 x 7 x 16 elements.
  static func steps(_ bench: StepBench, _ clamp: Clamp, _ variant: KernelVariant) -> [(
    String, any KernelStep
  )] {
    let (from, to) = (bench.inputPlace, bench.outputPlace)
    let window = Window.same(bench.input, 3, 3)
    let epilogue = Epilogue(bias: nil, activation: .clamp(clamp), variant: variant)
    let open = Epilogue(bias: nil, variant: variant)
    let ones = [Float](repeating: 1, count: 9 * 16 * 16)
    let pointwise = PackedWeights(
      ones.span.extracting(0..<256), depth: 16, columns: 16, variant: variant)
    let halves = StrassenWeights(
      ones.span.extracting(0..<256), channels: 16, filters: 16, variant: variant)
    let depthwise = [Float](repeating: 1, count: 9 * 16)
    let winograd = WinogradForm.all.filter { $0.height == 3 && $0.width == 3 }.map { form in
      let weights = WinogradWeights(form, ones.span, channels: 16, filters: 16, variant: variant)
      return (
        "winograd \(form.outputHeight)",
        WinogradStep(window: window, weights: weights, epilogue: epilogue, from: from, to: to)
          as any KernelStep
      )
    }
    let source = PixelSource(
      DepthwiseConvolution(window: window, kernel: DepthwiseKernel(depthwise, inputClamp: clamp)))
    return winograd + [
      (
        "convolution",
        ConvolutionStep(
          window: window, weights: PackedWeights(ones.span, depth: 144, columns: 16, variant: variant),
          epilogue: epilogue, from: from, to: to)
      ),
      (
        "strassen",
        StrassenStep(
          of: PixelSource(Window(pointwise: bench.input)), weights: halves, epilogue: epilogue, from: from,
          to: to)
      ),
      (
        "separable with a clamped input",
        PointwiseStep(of: source, weights: pointwise, epilogue: open, from: from, to: to)
      ),
      (
        "strassen behind a clamped input",
        StrassenStep(of: source, weights: halves, epilogue: open, from: from, to: to)
      ),
      ("activation", elementwise(.activation(.clamp(clamp)), bench, variant)),
      ("add", elementwise(.add(from, .clamp(clamp)), bench, variant)),
      (
        "affine",
        elementwise(
          .affine(
            scale: [Float](repeating: 2, count: 16), shift: [Float](repeating: 0, count: 16), .clamp(clamp)),
          bench, variant)
      ),
    ]
  }

  private static func elementwise(
    _ function: ElementwiseStep.Function, _ bench: StepBench, _ variant: KernelVariant
  ) -> any KernelStep {
    ElementwiseStep(
      function, size: bench.input, variant: variant, from: bench.inputPlace, to: bench.outputPlace)
  }

  static let size = ImageSize(height: 7, width: 7, channels: 16)
  static let scratch = 1 << 20

  @Test(arguments: KernelVariant.supported, clamps)
  func whatIsNotANumberStaysSo(variant: KernelVariant, clamp: Clamp) throws {
    let bench = StepBench(images: 1, input: Self.size, output: Self.size)
    var input = [Float](repeating: 0, count: Self.size.elements)
    // The middle pixel's channel 5.
    let place = (3 * 7 + 3) * 16 + 5
    input[place] = .nan
    for (name, step) in Self.steps(bench, clamp, variant) {
      let found = try #require(bench.run(step, on: input, scratch: Self.scratch))
      #expect(found[place].isNaN, "\(name)")
    }
  }

  @Test(arguments: KernelVariant.supported, clamps)
  func infinityStaysInsideTheLimits(variant: KernelVariant, clamp: Clamp) throws {
    let bench = StepBench(images: 1, input: Self.size, output: Self.size)
    for (value, limit) in [(Float.infinity, clamp.maximum), (-.infinity, clamp.minimum)] {
      let input = [Float](repeating: value, count: Self.size.elements)
      // Algorithms that subtract inputs from each other make something else of infinities.
      for (name, step) in Self.steps(bench, clamp, variant)
      where ["convolution", "activation", "add", "affine"].contains(name) {
        let found = try #require(bench.run(step, on: input, scratch: Self.scratch))
        // In the middle: at the edges a convolution multiplies zeros, too.
        #expect(found[(3 * 7 + 3) * 16] == limit, "\(name)")
      }
    }
  }

  @Test(arguments: KernelVariant.supported) func aNegativeZeroStaysSo(variant: KernelVariant) throws {
    let bench = StepBench(images: 1, input: Self.size, output: Self.size)
    let input = [Float](repeating: -0.0, count: Self.size.elements)
    let found = try #require(
      bench.run(Self.elementwise(.activation(.relu), bench, variant), on: input))
    #expect(found.allSatisfy { $0 == 0 && $0.sign == .minus })
  }
}
