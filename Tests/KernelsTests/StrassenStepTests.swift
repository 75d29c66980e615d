import Kernels
import TestSupport
import Testing
import Tensors

/// Strassen's seven products, on every instruction set here, against the plain reference.
@Suite struct StrassenStepTests {
  static let layouts: [Layout] = [
    Layout(window: .same(.size(9, 11, 6), 1, 1), filters: 7),
    Layout(window: .valid(.size(9, 12, 10), 1, 1, stride: 2), filters: 33),
    Layout(window: .same(.size(1, 1, 2), 1, 1), filters: 1),
    Layout(window: .same(.size(7, 7, 130), 1, 1), filters: 300, margin: 3),
    Layout(window: .same(.size(2, 2, 800), 1, 1), filters: 64, margin: 1),
    Layout(window: .same(.size(21, 20, 34), 1, 1), filters: 97),
  ]

  @Test(arguments: KernelVariant.supported, layouts)
  func agreesWithTheReference(variant: KernelVariant, layout: Layout) throws {
    let window = layout.window
    let output = window.output(channels: layout.filters)
    let bench = StepBench(
      images: 3, input: window.input, output: output, margin: layout.margin, pool: ThreadPool(threads: 2))
    let input = noise(3 * window.input.elements, seed: 1)
    let kernel = noise(window.input.channels * layout.filters, seed: 2)
    let bias = noise(layout.filters, seed: 3)
    let residual = noise(3 * output.elements, seed: 4)
    let factors = (0..<layout.filters).map { 0.5 + Double($0 % 3) }
    let step = StrassenStep(
      of: PixelSource(window),
      weights: StrassenWeights(
        kernel.span, channels: window.input.channels, filters: layout.filters, scale: factors,
        variant: variant),
      epilogue: Epilogue(bias: bias, residual: bench.otherPlace, activation: .relu, variant: variant),
      from: bench.inputPlace, to: bench.outputPlace)
    let plain = Reference.convolution(input, images: 3, window, kernel: kernel, filters: layout.filters)
    let expected = plain.indices.map { index in
      let filter = index % layout.filters
      return max(0, plain[index] * Float(factors[filter]) + bias[filter] + residual[index])
    }
    let scratch = StrassenStep.scratch(channels: window.input.channels, variant: variant)
    let found = try #require(bench.run(step, on: input, other: residual, scratch: scratch))
    let closeness = Closeness(found, expected)
    #expect(closeness.isWithin(relative: 1e-5, absolute: 1e-5), "\(closeness)")
  }

  @Test(arguments: KernelVariant.supported, [nil, Clamp.relu, .narrow])
  func followsADepthwiseConvolution(variant: KernelVariant, inputClamp: Clamp?) throws {
    let window = Window.same(.size(19, 17, 22), 3, 3)
    let (channels, filters) = (22, 50)
    let bench = StepBench(
      images: 2, input: window.input, output: window.output(channels: filters), margin: 2,
      pool: ThreadPool(threads: 3))
    let input = noise(2 * window.input.elements, seed: 1)
    let depthwise = noise(window.area * channels, seed: 2)
    let pointwise = noise(channels * filters, seed: 3)
    let step = StrassenStep(
      of: PixelSource(
        DepthwiseConvolution(window: window, kernel: DepthwiseKernel(depthwise, inputClamp: inputClamp))),
      weights: StrassenWeights(pointwise.span, channels: channels, filters: filters, variant: variant),
      epilogue: Epilogue(bias: nil, variant: variant), from: bench.inputPlace,
      to: bench.outputPlace)
    let read = inputClamp.map { input.map($0.limiting) } ?? input
    let between = Reference.depthwise(read, images: 2, window, kernel: depthwise)
    let expected = Reference.convolution(
      between, images: 2, Window(pointwise: window.output(channels: channels)), kernel: pointwise,
      filters: filters)
    let scratch = StrassenStep.scratch(channels: channels, variant: variant)
    let closeness = Closeness(try #require(bench.run(step, on: input, scratch: scratch)), expected)
    #expect(closeness.isWithin(relative: 1e-5, absolute: 1e-5), "\(closeness)")
  }

  /// An odd number of pixels leaves one without a partner; neighbours in a batch must not become it.
  @Test func anImageDoesNotDependOnItsBatch() throws {
    let size = ImageSize.size(5, 5, 12)
    let kernel = noise(12 * 20, seed: 1)
    let weights = StrassenWeights(kernel.span, channels: 12, filters: 20)
    let images = noise(4 * size.elements, seed: 2)
    func run(_ elements: [Float], threads: Int) throws -> [Float] {
      let bench = StepBench(
        images: elements.count / size.elements, input: size, output: .size(5, 5, 20),
        pool: ThreadPool(threads: threads))
      let step = StrassenStep(
        of: PixelSource(Window(pointwise: size)), weights: weights, epilogue: Epilogue(bias: nil),
        from: bench.inputPlace, to: bench.outputPlace)
      let scratch = StrassenStep.scratch(channels: 12, variant: .preferred)
      return try #require(bench.run(step, on: elements, scratch: scratch))
    }
    let alone = try (0..<4).flatMap { image in
      try run(Array(images[image * size.elements..<(image + 1) * size.elements]), threads: 1)
    }
    for threads in 1...3 { #expect(try run(images, threads: threads) == alone) }
  }
}
