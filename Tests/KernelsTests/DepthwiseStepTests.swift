import Kernels
import TestSupport
import Testing
import Tensors

/// Depthwise convolutions on every instruction set here: edge tiles, strides, gaps, several filters a channel.
@Suite struct DepthwiseStepTests {
  static let windows: [Window] =
    [1, 2, 3, 4, 5, 7].flatMap { extent in
      [1, 2, 3].map { .same(.size(9, 13, 19), extent, extent, stride: $0) }
    }
    + [3, 5, 7].flatMap { extent in
      [1, 7, 8, 16, 33].map { .same(.size(8, 7, $0), extent, extent, stride: 2) }
    } + (1...9).map { .same(.size(3, $0, 8), 3, 3) } + [
      .valid(.size(9, 8, 17), 3, 3), .valid(.size(9, 8, 4), 5, 3, stride: 2),
      .same(.size(11, 12, 9), 3, 3, dilation: 2), .valid(.size(11, 12, 16), 5, 3, dilation: 2),
      .same(.size(2, 2, 5), 7, 7), .same(.size(1, 1, 8), 3, 3), .same(.size(6, 5, 40), 3, 5),
    ]

  @Test(arguments: KernelVariant.supported, windows)
  func agreesWithTheReference(variant: KernelVariant, window: Window) throws {
    let channels = window.input.channels
    let input = noise(2 * window.input.elements, seed: 1)
    for multiplier in [1, 2, 3] {
      let filters = channels * multiplier
      let kernel = noise(window.area * filters, seed: 2)
      let (bias, scale) = (noise(filters, seed: 3), noise(filters, seed: 4).map(Double.init))
      let bench = StepBench(
        images: 2, input: window.input, output: window.output(channels: filters), margin: 1,
        pool: ThreadPool(threads: 2))
      let plain = Reference.depthwise(input, images: 2, window, kernel: kernel, multiplier: multiplier)
      let expected = plain.indices.map { index in
        max(0, plain[index] * Float(scale[index % filters]) + bias[index % filters])
      }
      let step = DepthwiseStep(
        DepthwiseConvolution(
          window: window, kernel: DepthwiseKernel(kernel, multiplier: multiplier, scale: scale), bias: bias,
          activation: .relu),
        variant: variant, from: bench.inputPlace, to: bench.outputPlace)
      let closeness = Closeness(try #require(bench.run(step, on: input)), expected)
      #expect(closeness.isWithin(relative: 1e-5, absolute: 1e-6), "multiplier \(multiplier): \(closeness)")
    }
  }

  /// What every input goes through first leaves the zeros around the image alone.
  @Test(arguments: KernelVariant.supported) func clampsWhatItReads(variant: KernelVariant) throws {
    let window = Window.same(.size(5, 6, 11), 5, 5)
    let bench = StepBench(images: 1, input: window.input, output: window.output(channels: 11))
    let (input, kernel) = (noise(window.input.elements, seed: 5), noise(25 * 11, seed: 6))
    let step = DepthwiseStep(
      DepthwiseConvolution(window: window, kernel: DepthwiseKernel(kernel, inputClamp: .relu6)),
      variant: variant, from: bench.inputPlace, to: bench.outputPlace)
    let expected = Reference.depthwise(input.map { min(max($0, 0), 6) }, images: 1, window, kernel: kernel)
    let closeness = Closeness(try #require(bench.run(step, on: input)), expected)
    #expect(closeness.isWithin(relative: 1e-5, absolute: 1e-6), "\(closeness)")
  }

  @Test(arguments: KernelVariant.supported)
  func severalFiltersAChannelBeforeAPointwiseConvolution(variant: KernelVariant) throws {
    let window = Window.same(.size(7, 6, 10), 3, 3, stride: 2)
    let (input, depthwise) = (noise(2 * window.input.elements, seed: 7), noise(9 * 30, seed: 8))
    let pointwise = noise(30 * 21, seed: 9)
    let bench = StepBench(images: 2, input: window.input, output: window.output(channels: 21), margin: 1)
    let kernel = DepthwiseKernel(depthwise, multiplier: 3)
    let step = PointwiseStep(
      of: PixelSource(DepthwiseConvolution(window: window, kernel: kernel)),
      weights: PackedWeights(pointwise.span, depth: 30, columns: 21, variant: variant),
      epilogue: Epilogue(bias: nil, variant: variant), from: bench.inputPlace, to: bench.outputPlace)
    let between = Reference.depthwise(input, images: 2, window, kernel: depthwise, multiplier: 3)
    let expected = Reference.convolution(
      between, images: 2, Window(pointwise: window.output(channels: 30)), kernel: pointwise, filters: 21)
    let found = try #require(bench.run(step, on: input, scratch: PointwiseStep.scratch(channels: 30)))
    let closeness = Closeness(found, expected)
    #expect(closeness.isWithin(relative: 1e-5, absolute: 1e-6), "\(closeness)")
  }
}
