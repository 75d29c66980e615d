import Kernels
import TestSupport
import Testing
import Tensors

/// Every way a convolution is computed, on every instruction set here, against the plain reference.
@Suite struct ConvolutionStepTests {
  static let layouts: [Layout] = [
    Layout(window: .same(.size(9, 11, 5), 1, 1), filters: 7),
    Layout(window: .valid(.size(9, 11, 5), 1, 1, stride: 2), filters: 33),
    Layout(window: .same(.size(8, 7, 3), 3, 3, stride: 2), filters: 32),
    Layout(window: .valid(.size(12, 13, 3), 7, 7, stride: 2), filters: 17),
    Layout(window: .same(.size(6, 9, 17), 3, 3), filters: 31, margin: 3),
    Layout(window: .valid(.size(6, 9, 17), 3, 3), filters: 16, margin: 2),
    Layout(window: .same(.size(9, 6, 4), 1, 7), filters: 9),
    Layout(window: .same(.size(9, 6, 4), 7, 1), filters: 9),
    Layout(window: .same(.size(5, 5, 40), 5, 5), filters: 48),
    Layout(window: .same(.size(3, 4, 401), 3, 3), filters: 20),
    Layout(window: .same(.size(2, 2, 800), 1, 1), filters: 65, margin: 1),
    Layout(window: .same(.size(3, 3, 2), 11, 11), filters: 3),
    Layout(window: .same(.size(1, 1, 1), 3, 3), filters: 1),
    Layout(window: .same(.size(14, 14, 8), 3, 3), filters: 8),
    Layout(window: .same(.size(11, 9, 6), 3, 3, dilation: 2), filters: 19, margin: 2),
    Layout(window: .valid(.size(13, 12, 5), 3, 2, stride: 2, dilation: 3), filters: 9),
  ]

  @Test(arguments: KernelVariant.supported, layouts)
  func agreesWithTheReference(variant: KernelVariant, layout: Layout) throws {
    let window = layout.window
    let output = window.output(channels: layout.filters)
    let bench = StepBench(images: 2, input: window.input, output: output, margin: layout.margin)
    let input = noise(2 * window.input.elements, seed: 1)
    let kernel = noise(window.area * window.input.channels * layout.filters, seed: 2)
    let bias = noise(layout.filters, seed: 3)
    let residual = noise(2 * output.elements, seed: 4)
    let plain = Reference.convolution(input, images: 2, window, kernel: kernel, filters: layout.filters)
    let biased = plain.indices.map { plain[$0] + bias[$0 % layout.filters] }
    let largest = Double(biased.map(abs).max() ?? 0)
    for (adds, clamp) in [(false, nil), (false, Clamp.relu), (true, nil), (true, .relu), (true, .narrow)] {
      let expected = biased.indices.map { index in
        let sum = biased[index] + (adds ? residual[index] : 0)
        return clamp?.limiting(sum) ?? sum
      }
      let step = ConvolutionStep(
        window: window,
        weights: PackedWeights(
          kernel.span, depth: window.area * window.input.channels, columns: layout.filters, variant: variant),
        epilogue: Epilogue(
          bias: bias, residual: adds ? bench.otherPlace : nil,
          activation: clamp.map { .clamp($0) } ?? .linear,
          variant: variant),
        from: bench.inputPlace, to: bench.outputPlace)
      let found = try #require(bench.run(step, on: input, other: residual), "wrote outside its slice")
      let closeness = Closeness(found, expected)
      #expect(closeness.isWithin(relative: 0, absolute: 1e-6 + 1e-5 * largest), "\(closeness)")
    }
  }

  @Test(arguments: KernelVariant.supported) func factorsScaleColumns(variant: KernelVariant) throws {
    let size = ImageSize.size(2, 3, 4)
    let bench = StepBench(images: 1, input: size, output: ImageSize.size(2, 3, 5))
    let (input, kernel) = (noise(24, seed: 5), noise(20, seed: 6))
    let factors: [Double] = [1, -2, 0, 0.5, 3]
    let step = ConvolutionStep(
      window: Window(pointwise: size),
      weights: PackedWeights(kernel.span, depth: 4, columns: 5, scale: factors, variant: variant),
      epilogue: Epilogue(bias: nil, variant: variant), from: bench.inputPlace,
      to: bench.outputPlace)
    let plain = Reference.convolution(input, images: 1, Window(pointwise: size), kernel: kernel, filters: 5)
    let expected = plain.indices.map { plain[$0] * Float(factors[$0 % 5]) }
    let closeness = Closeness(try #require(bench.run(step, on: input)), expected)
    #expect(closeness.isWithin(relative: 1e-6), "\(closeness)")
  }

  static let groups: [(groups: Int, layout: Layout)] = [
    (2, Layout(window: .same(.size(6, 7, 6), 3, 3), filters: 10, margin: 1)),
    (3, Layout(window: .valid(.size(8, 9, 9), 3, 2, stride: 2), filters: 3)),
    (4, Layout(window: .same(.size(7, 5, 64), 3, 3, dilation: 2), filters: 68)),
    (5, Layout(window: .same(.size(3, 4, 5), 1, 1), filters: 35, margin: 2)),
  ]

  @Test(arguments: KernelVariant.supported, groups)
  func groupsKnowNothingOfEachOther(variant: KernelVariant, grouped: (groups: Int, layout: Layout)) throws {
    let (window, filters) = (grouped.layout.window, grouped.layout.filters)
    let output = window.output(channels: filters)
    let bench = StepBench(images: 2, input: window.input, output: output, margin: grouped.layout.margin)
    let input = noise(2 * window.input.elements, seed: 7)
    let kernel = noise(window.area * window.input.channels / grouped.groups * filters, seed: 8)
    let (bias, residual) = (noise(filters, seed: 9), noise(2 * output.elements, seed: 10))
    let scale = noise(filters, seed: 11).map(Double.init)
    let step = GroupedConvolutionStep(
      window: window, kernel.span, groups: grouped.groups, filters: filters, scale: scale, bias: bias,
      residual: bench.otherPlace, activation: .relu, variant: variant, from: bench.inputPlace,
      to: bench.outputPlace)
    let plain = Reference.convolution(
      input, images: 2, window, kernel: kernel, filters: filters, groups: grouped.groups)
    let expected = plain.indices.map { index in
      max(0, plain[index] * Float(scale[index % filters]) + bias[index % filters] + residual[index])
    }
    let closeness = Closeness(try #require(bench.run(step, on: input, other: residual)), expected)
    #expect(closeness.isWithin(relative: 1e-5, absolute: 1e-6), "\(closeness)")
  }
}
