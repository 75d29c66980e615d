import Kernels
import TestSupport
import Testing
import Tensors

/// Depthwise convolutions and poolings on every instruction set here.
@Suite struct WindowStepTests {
  static let windows: [Window] = [
    .same(ImageSize(height: 7, width: 9, channels: 1), 3, 3),
    .same(ImageSize(height: 7, width: 9, channels: 19), 3, 3),
    .same(ImageSize(height: 8, width: 6, channels: 32), 3, 3, stride: 2),
    .valid(ImageSize(height: 9, width: 7, channels: 33), 3, 3, stride: 2),
    .valid(ImageSize(height: 5, width: 6, channels: 16), 2, 2, stride: 2),
    .same(ImageSize(height: 4, width: 4, channels: 8), 5, 5),
    .same(ImageSize(height: 1, width: 1, channels: 5), 3, 3),
    .same(ImageSize(height: 20, width: 20, channels: 24), 3, 3),
    Window(
      input: ImageSize(height: 6, width: 5, channels: 7), outputHeight: 3, outputWidth: 3, height: 3,
      width: 3,
      rowStride: 2, columnStride: 2, top: 1, left: 1),
  ]

  @Test(arguments: KernelVariant.supported, windows)
  func separable(variant: KernelVariant, window: Window) throws {
    let (channels, filters) = (window.input.channels, 21)
    let input = noise(2 * window.input.elements, seed: 1)
    let depthwise = noise(window.area * channels, seed: 2)
    let pointwise = noise(channels * filters, seed: 3)
    let bias = noise(filters, seed: 4)
    for inputClamp in [nil, Clamp.relu, .narrow] {
      let bench = StepBench(
        images: 2, input: window.input, output: window.output(channels: filters), margin: 2,
        pool: ThreadPool(threads: 2))
      let kernel = DepthwiseKernel(depthwise, inputClamp: inputClamp)
      let step = PointwiseStep(
        of: PixelSource(DepthwiseConvolution(window: window, kernel: kernel)),
        weights: PackedWeights(pointwise.span, depth: channels, columns: filters, variant: variant),
        epilogue: Epilogue(bias: bias, activation: .relu, variant: variant), from: bench.inputPlace,
        to: bench.outputPlace)
      let read = inputClamp.map { input.map($0.limiting) } ?? input
      let between = Reference.depthwise(read, images: 2, window, kernel: depthwise)
      let plain = Reference.convolution(
        between, images: 2, Window(pointwise: window.output(channels: channels)), kernel: pointwise,
        filters: filters)
      let expected = plain.indices.map { max(0, plain[$0] + bias[$0 % filters]) }
      let found = try #require(
        bench.run(step, on: input, scratch: PointwiseStep.scratch(channels: channels)))
      let closeness = Closeness(found, expected)
      #expect(closeness.isWithin(relative: 1e-5, absolute: 1e-6), "\(closeness)")
    }
  }

  @Test(arguments: KernelVariant.supported, windows)
  func maximum(variant: KernelVariant, window: Window) throws {
    let bench = StepBench(
      images: 2, input: window.input, output: window.output(channels: window.input.channels), margin: 1)
    // All negative, so that a zero that should not take part would show.
    let input = noise(2 * window.input.elements, seed: 5).map { $0 - 2 }
    for zeros in [false, true] {
      let step = PoolingStep(
        window: window, reduction: .maximum(paddedWithZeros: zeros), variant: variant, from: bench.inputPlace,
        to: bench.outputPlace)
      let expected = Reference.maximum(input, images: 2, window, outside: zeros ? 0 : nil)
      #expect(try #require(bench.run(step, on: input)) == expected)
    }
  }

  @Test(arguments: KernelVariant.supported, windows)
  func averageCountsOnlyWhatIsInside(variant: KernelVariant, window: Window) throws {
    let bench = StepBench(
      images: 2, input: window.input, output: window.output(channels: window.input.channels), margin: 1)
    let input = noise(2 * window.input.elements, seed: 6)
    let step = PoolingStep(
      window: window, reduction: .average, variant: variant, from: bench.inputPlace, to: bench.outputPlace)
    let closeness = Closeness(
      try #require(bench.run(step, on: input)), Reference.average(input, images: 2, window))
    #expect(closeness.isWithin(relative: 1e-6), "\(closeness)")
  }
}
