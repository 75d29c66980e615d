import Kernels
import TestSupport
import Testing
import Tensors

/// Pointwise convolutions of pixels that are computed on the way, on every instruction set here, against the plain reference;
/// the same bits for any number of threads, directly and by Strassen's products.
@Suite struct PointwiseStepTests {
  private static let images = 3

  /// What comes first, as a step makes it and as it is defined.
  struct Example: CustomTestStringConvertible, Sendable {
    var testDescription: String
    var window: Window
    /// Whether there are factors of each image's own.
    var readsFactors = false
    var source: @Sendable (_ window: Window, _ factors: Place) -> PixelSource
    var expected: @Sendable (_ input: [Float], _ window: Window, _ factors: [Float]) -> [Float]
  }

  private static func scale(_ channels: Int) -> [Float] { noise(channels, seed: 11).map { $0 + 1.5 } }
  private static func shift(_ channels: Int) -> [Float] { noise(channels, seed: 12) }

  private static func affine(_ input: [Float], _ channels: Int) -> [Float] {
    let (scale, shift) = (scale(channels), shift(channels))
    return input.indices.map { max(0, input[$0] * scale[$0 % channels] + shift[$0 % channels]) }
  }

  private static func standardized(_ input: [Float], _ channels: Int) -> [Float] {
    let (scale, shift) = (scale(channels), shift(channels))
    return stride(from: 0, to: input.count, by: channels).flatMap { start -> [Float] in
      let pixel = input[start..<start + channels].map(Double.init)
      let mean = pixel.reduce(0, +) / Double(channels)
      let variance = pixel.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(channels)
      let factor = 1 / (variance + 1e-3).squareRoot()
      return (0..<channels).map { Float((pixel[$0] - mean) * factor) * scale[$0] + shift[$0] }
    }
  }

  private static func preparation(_ channels: Int) -> Preparation {
    .affine(scale: scale(channels), shift: shift(channels), .relu)
  }

  private static func standardization(_ channels: Int) -> Preparation {
    .standardization(epsilon: 1e-3, scale: scale(channels), shift: shift(channels))
  }

  private static func depthwise(_ window: Window) -> DepthwiseConvolution {
    let kernel = noise(window.area * window.input.channels, seed: 13)
    return DepthwiseConvolution(
      window: window, kernel: DepthwiseKernel(kernel), bias: noise(window.input.channels, seed: 14),
      activation: .relu6)
  }

  private static func filtered(_ input: [Float], _ window: Window) -> [Float] {
    let (channels, bias) = (window.input.channels, noise(window.input.channels, seed: 14))
    let plain = Reference.depthwise(
      input, images: images, window, kernel: noise(window.area * channels, seed: 13))
    return plain.indices.map { min(6, max(0, plain[$0] + bias[$0 % channels])) }
  }

  static let examples: [Example] = [ImageSize.size(15, 14, 34), .size(7, 7, 20), .size(2, 3, 70)].flatMap {
    size in
    [
      Example(
        testDescription: "a clamped affine function, \(size)", window: Window(pointwise: size),
        source: { window, _ in PixelSource(window, preparation: preparation(size.channels)) },
        expected: { input, _, _ in affine(input, size.channels) }),
      Example(
        testDescription: "factors of an image's own, \(size)", window: Window(pointwise: size),
        readsFactors: true,
        source: { window, factors in PixelSource(window, preparation: .product(with: factors)) },
        expected: { input, _, factors in
          input.indices.map { index in
            input[index] * factors[index / size.elements * size.channels + index % size.channels]
          }
        }),
      Example(
        testDescription: "a standardised pixel, \(size)", window: Window(pointwise: size),
        source: { window, _ in PixelSource(window, preparation: standardization(size.channels)) },
        expected: { input, _, _ in standardized(input, size.channels) }),
      Example(
        testDescription: "every second pixel, \(size)", window: .valid(size, 1, 1, stride: 2),
        source: { window, _ in PixelSource(window, preparation: preparation(size.channels)) },
        expected: { input, window, _ in
          Reference.average(affine(input, size.channels), images: images, window)
        }),
      Example(
        testDescription: "means of a clamped affine function, \(size)", window: .valid(size, 2, 2, stride: 2),
        source: { window, _ in PixelSource(window, preparation: preparation(size.channels)) },
        expected: { input, window, _ in
          Reference.average(affine(input, size.channels), images: images, window)
        }),
      Example(
        testDescription: "a depthwise convolution, \(size)", window: .same(size, 5, 5),
        source: { window, _ in PixelSource(depthwise(window)) },
        expected: { input, window, _ in filtered(input, window) }),
      Example(
        testDescription: "a standardised depthwise convolution, \(size)", window: .same(size, 7, 7),
        source: { window, _ in
          PixelSource(depthwise(window), preparation: standardization(size.channels))
        },
        expected: { input, window, _ in standardized(filtered(input, window), size.channels) }),
    ]
  }

  @Test(arguments: KernelVariant.supported, examples)
  func agreesWithTheReference(variant: KernelVariant, example: Example) throws {
    let (window, channels, filters) = (example.window, example.window.input.channels, 45)
    let input = noise(Self.images * window.input.elements, seed: 1)
    let kernel = noise(channels * filters, seed: 2)
    // One pixel of factors an image, at the start of what a step may add.
    let factors = noise(Self.images * channels, seed: 3)
    let output = window.output(channels: filters)
    let pixels = example.expected(input, window, factors)
    let expected = Reference.convolution(
      pixels, images: Self.images, Window(pointwise: window.output(channels: channels)), kernel: kernel,
      filters: filters)
    var bits: [String: [Float]] = [:]
    for threads in [1, 2, 3, 8] {
      let bench = StepBench(
        images: Self.images, input: window.input, output: output, margin: 3,
        pool: ThreadPool(threads: threads))
      var place = bench.otherPlace
      (place.channel, place.stride) = (0, channels)
      let source = example.source(window, place)
      let steps: [(String, any KernelStep, Int)] = [
        (
          "directly",
          PointwiseStep(
            of: source,
            weights: PackedWeights(kernel.span, depth: channels, columns: filters, variant: variant),
            epilogue: Epilogue(bias: nil, variant: variant), from: bench.inputPlace, to: bench.outputPlace),
          PointwiseStep.scratch(channels: channels)
        ),
        (
          "strassen",
          StrassenStep(
            of: source,
            weights: StrassenWeights(kernel.span, channels: channels, filters: filters, variant: variant),
            epilogue: Epilogue(bias: nil, variant: variant), from: bench.inputPlace, to: bench.outputPlace),
          StrassenStep.scratch(channels: channels, variant: variant)
        ),
      ]
      for (name, step, scratch) in steps {
        let found = try #require(
          bench.run(step, on: input, factors: example.readsFactors ? factors : nil, scratch: scratch))
        let closeness = Closeness(found, expected)
        #expect(closeness.isWithin(relative: 1e-5, absolute: 1e-5), "\(name): \(closeness)")
        #expect(bits[name] ?? found == found, "\(name), \(threads) threads")
        bits[name] = found
      }
    }
  }

  /// The means of lines are those of what was written, whichever thread wrote it.
  @Test(arguments: KernelVariant.supported, [1, 2, 5]) func meansOfLines(variant: KernelVariant, threads: Int)
    throws
  {
    let window = Window.same(.size(9, 8, 21), 3, 3)
    let input = noise(2 * window.input.elements, seed: 4)
    let size = window.output(channels: 21)
    let workspace = try Workspace(
      capacity: 2, bytesPerImage: 4 * (2 * size.elements + 9 * 21), scratchPerThread: 0,
      pool: ThreadPool(threads: threads))
    let places = [0, size.elements, 2 * size.elements].map { Place(offset: 4 * $0, stride: 21) }
    workspace.write(input.span, at: places[0])
    DepthwiseStep(
      DepthwiseConvolution(
        window: window, kernel: DepthwiseKernel(noise(9 * 21, seed: 5)), activation: .silu),
      variant: variant, from: places[0], to: places[1], lineMeans: places[2]
    ).run(images: 2, in: workspace)
    let found = workspace.read(places[2], .size(9, 1, 21), images: 2)
    let written = workspace.read(places[1], size, images: 2)
    let expected = Reference.average(
      written, images: 2,
      Window(
        input: size, outputHeight: 9, outputWidth: 1, height: 1, width: 8, rowStride: 1, columnStride: 1,
        top: 0,
        left: 0))
    let closeness = Closeness(found, expected)
    #expect(closeness.isWithin(relative: 1e-6, absolute: 1e-6), "\(closeness)")
  }
}
