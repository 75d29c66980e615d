import Kernels
import TestSupport
import Testing
import Tensors

/// Every form of minimal filtering, on every instruction set here, against the plain reference.
@Suite struct WinogradStepTests {
  /// Extents that do and do not divide into tiles, channels and filters that do and do not fill vectors.
  static func layouts(_ form: WinogradForm) -> [Layout] {
    let (height, width) = (form.height, form.width)
    return [
      Layout(window: .same(.size(4, 4, 3), height, width), filters: 5),
      Layout(window: .valid(.size(height + 7, width + 3, 16), height, width), filters: 16),
      Layout(window: .same(.size(13, 7, 17), height, width), filters: 33, margin: 3),
      Layout(window: .valid(.size(height + 5, width + 10, 31), height, width), filters: 32, margin: 1),
      Layout(window: .same(.size(1, 1, 8), height, width), filters: 9),
      Layout(window: .same(.size(30, 31, 20), height, width), filters: 80),
      Layout(window: .same(.size(9, 10, 300), height, width), filters: 40),
    ]
  }

  @Test(arguments: KernelVariant.supported, WinogradForm.all)
  func agreesWithTheReference(variant: KernelVariant, form: WinogradForm) throws {
    for transformation in KernelTransformation.allCases {
      try agreesWithTheReference(variant, form, transformation)
    }
  }

  private func agreesWithTheReference(
    _ variant: KernelVariant, _ form: WinogradForm, _ transformation: KernelTransformation
  ) throws {
    for layout in Self.layouts(form) {
      let window = layout.window
      let channels = window.input.channels
      let output = window.output(channels: layout.filters)
      let bench = StepBench(
        images: 2, input: window.input, output: output, margin: layout.margin, pool: ThreadPool(threads: 2))
      let input = noise(2 * window.input.elements, seed: 1)
      let kernel = noise(window.area * channels * layout.filters, seed: 2)
      let bias = noise(layout.filters, seed: 3)
      let residual = noise(2 * output.elements, seed: 4)
      let factors = (0..<layout.filters).map { 0.5 + Double($0 % 3) }
      let weights = WinogradWeights(
        form, kernel.span, transformed: transformation, channels: channels, filters: layout.filters,
        scale: factors, variant: variant)
      let step = WinogradStep(
        window: window, weights: weights,
        epilogue: Epilogue(bias: bias, residual: bench.otherPlace, activation: .relu, variant: variant),
        from: bench.inputPlace, to: bench.outputPlace)
      let plain = Reference.convolution(input, images: 2, window, kernel: kernel, filters: layout.filters)
      let expected = plain.indices.map { index in
        let filter = index % layout.filters
        return max(0, plain[index] * Float(factors[filter]) + bias[filter] + residual[index])
      }
      let scratch = WinogradStep.scratch(form, channels: channels, variant: variant)
      let found = try #require(bench.run(step, on: input, other: residual, scratch: scratch), "\(layout)")
      let closeness = Closeness(found, expected)
      #expect(closeness.isWithin(relative: 2e-5, absolute: 5e-5), "\(layout): \(closeness)")
    }
  }

  @Test func countsTilesAndProducts() throws {
    let form = try #require(WinogradForm.all.first { $0.height == 1 && $0.width == 7 })
    let window = Window.same(.size(17, 17, 128), 1, 7)
    #expect(form.points == 10)
    #expect(form.tiles(of: window) == 17 * 5)
    // Two tiles of four outputs and three of three, which take one product less.
    let products = 17 * (2 * 10 + 3 * 9)
    #expect(form.remainingProducts(of: window) == Double(products) / Double(7 * 289))
  }
}
