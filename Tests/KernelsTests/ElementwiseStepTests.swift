import Kernels
import TestSupport
import Testing

@Suite struct ElementwiseStepTests {
  static let sizes = [1, 3, 8, 17, 64].map { ImageSize(height: 5, width: 3, channels: $0) }

  @Test(arguments: KernelVariant.supported, sizes)
  func everyFunction(variant: KernelVariant, size: ImageSize) throws {
    let bench = StepBench(images: 3, input: size, output: size, margin: 2, pool: ThreadPool(threads: 2))
    let input = noise(3 * size.elements, seed: 1)
    let other = noise(3 * size.elements, seed: 2)
    let scale = noise(size.channels, seed: 3)
    let shift = noise(size.channels, seed: 4)
    let scaled = input.indices.map { index in
      Float(
        Double(input[index]) * Double(scale[index % size.channels]) + Double(shift[index % size.channels]))
    }
    let sums = zip(input, other).map(+)
    let cases: [(ElementwiseStep.Function, [Float])] = [
      (.activation(.relu), input.map { max($0, 0) }),
      (.affine(scale: scale, shift: shift), scaled),
      (.affine(scale: scale, shift: shift, .relu), scaled.map { max($0, 0) }),
      (.affine(scale: scale, shift: shift, .clamp(.narrow)), scaled.map(Clamp.narrow.limiting)),
      (.add(bench.otherPlace), sums),
      (.add(bench.otherPlace, .relu), sums.map { max($0, 0) }),
      (.add(bench.otherPlace, .clamp(.narrow)), sums.map(Clamp.narrow.limiting)),
    ]
    for (function, expected) in cases {
      let step = ElementwiseStep(
        function, size: size, variant: variant, from: bench.inputPlace, to: bench.outputPlace)
      let closeness = Closeness(try #require(bench.run(step, on: input, other: other)), expected)
      #expect(closeness.isWithin(relative: 0, absolute: 2e-7), "\(function): \(closeness)")
    }
  }

  @Test(arguments: [0, 2]) func copyWithZerosAround(margin: Int) throws {
    let size = ImageSize(height: 2, width: 3, channels: 4)
    let result = ImageSize(height: 5, width: 6, channels: 4)
    let bench = StepBench(images: 2, input: size, output: result, margin: margin)
    let input = noise(2 * size.elements, seed: 7)
    let step = CopyStep(
      size: size, result: result, top: 1, left: 2, from: bench.inputPlace, to: bench.outputPlace)
    let found = try #require(bench.run(step, on: input))
    for index in found.indices {
      let (pixel, channel) = index.quotientAndRemainder(dividingBy: 4)
      let (image, inside) = pixel.quotientAndRemainder(dividingBy: result.pixels)
      let (y, x) = (inside / 6 - 1, inside % 6 - 2)
      let isInside = (0..<2).contains(y) && (0..<3).contains(x)
      #expect(found[index] == (isInside ? input[((image * 2 + y) * 3 + x) * 4 + channel] : 0))
    }
  }
}
