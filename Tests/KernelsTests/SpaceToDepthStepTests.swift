import Kernels
import TestSupport
import Testing
import Tensors

/// Windows that move by two pixels, over 2 x 2 pixels as one.
@Suite struct SpaceToDepthStepTests {
  static let windows: [Window] = [
    .same(.size(20, 21, 3), 7, 7, stride: 2),
    .valid(.size(29, 22, 3), 7, 7, stride: 2),
    .same(.size(9, 8, 1), 8, 8, stride: 2),
    Window(
      input: .size(24, 24, 4), outputHeight: 12, outputWidth: 12, height: 7, width: 8, rowStride: 2,
      columnStride: 2, top: 3, left: 3),
  ]

  @Test(arguments: windows, [0, 2]) func gathersPixels(window: Window, margin: Int) throws {
    let (size, blocks) = (window.input, window.overBlocks.input)
    let wide = ImageSize.size(size.height, size.width, size.channels + margin)
    let bench = StepBench(images: 2, input: wide, output: blocks, pool: ThreadPool(threads: 2))
    let input = noise(2 * wide.elements, seed: 1)
    let step = SpaceToDepthStep(
      window: window, from: Place(offset: 0, channel: margin / 2, stride: wide.channels),
      to: bench.outputPlace)
    let found = try #require(bench.run(step, on: input))
    for index in found.indices {
      let (pixel, place) = index.quotientAndRemainder(dividingBy: blocks.channels)
      let (image, block) = pixel.quotientAndRemainder(dividingBy: blocks.pixels)
      let y = block / blocks.width * 2 + place / (2 * size.channels) - window.top
      let x = block % blocks.width * 2 + place / size.channels % 2 - window.left
      let isInside = (0..<size.height).contains(y) && (0..<size.width).contains(x)
      let source = (image * size.height + y) * size.width + x
      let channel = margin / 2 + place % size.channels
      #expect(found[index] == (isInside ? input[source * wide.channels + channel] : 0))
    }
  }

  @Test(arguments: KernelVariant.supported, windows)
  func convolvesAsTheWindowItStandsFor(variant: KernelVariant, window: Window) throws {
    let (blocks, filters) = (window.overBlocks, 35)
    let form = try #require(
      WinogradForm.all.first { $0.height == blocks.height && $0.width == blocks.width })
    let input = noise(2 * window.input.elements, seed: 2)
    let kernel = noise(window.area * window.input.channels * filters, seed: 3)
    let gathering = StepBench(images: 2, input: window.input, output: blocks.input)
    let gathered = try #require(
      gathering.run(
        SpaceToDepthStep(window: window, from: gathering.inputPlace, to: gathering.outputPlace), on: input))
    let bench = StepBench(
      images: 2, input: blocks.input, output: window.output(channels: filters), pool: ThreadPool(threads: 2))
    let weights = WinogradWeights(
      form, window.kernelOverBlocks(kernel.span, filters: filters).span, channels: blocks.input.channels,
      filters: filters, variant: variant)
    let step = WinogradStep(
      window: blocks, defined: window, weights: weights,
      epilogue: Epilogue(bias: nil, variant: variant), from: bench.inputPlace,
      to: bench.outputPlace)
    let scratch = WinogradStep.scratch(form, channels: blocks.input.channels, variant: variant)
    let found = try #require(bench.run(step, on: gathered, scratch: scratch))
    let expected = Reference.convolution(input, images: 2, window, kernel: kernel, filters: filters)
    let closeness = Closeness(found, expected)
    #expect(closeness.isWithin(relative: 2e-5, absolute: 5e-5), "\(closeness)")
  }

  @Test func countsTheProductsOfTheWindowItStandsFor() throws {
    let window = Window.valid(.size(229, 229, 3), 7, 7, stride: 2)
    let form = try #require(WinogradForm.all.first { $0.height == 4 && $0.width == 4 })
    // 23 tiles of 5 outputs along a side of 112: three are one output, so one of 8 products, shorter.
    let side = 23 * 8 - 3
    let remaining = Double(side * side * 12) / Double(112 * 112 * 147)
    #expect(form.remainingProducts(of: window.overBlocks, for: window) == remaining)
  }
}
