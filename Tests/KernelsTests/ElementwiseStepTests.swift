import Kernels
import TestSupport
import Testing
import Tensors

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

  static let pairings: [(Combination.Pairing, @Sendable (Float, Float) -> Float)] = [
    (.add, { $0 + $1 }), (.subtract, { $0 - $1 }), (.multiply, { $0 * $1 }), (.maximum, { max($0, $1) }),
    (.minimum, { min($0, $1) }), (.average(of: 3), { ($0 + $1) / 3 }),
  ]

  /// Every combination with a second activation of the same extents, of one pixel an image and of one channel.
  @Test(arguments: KernelVariant.supported, sizes)
  func everyCombination(variant: KernelVariant, size: ImageSize) throws {
    let bench = StepBench(images: 3, input: size, output: size, margin: 2, pool: ThreadPool(threads: 2))
    let (input, other) = (noise(3 * size.elements, seed: 1), noise(3 * size.elements, seed: 2))
    // Which element of `other` meets an element: the smaller forms read the first pixels, or first channels, of its place.
    let cases: [(Combination.Other, @Sendable (Int) -> Int)] = [
      (.whole(bench.otherPlace), { $0 }),
      (
        .pooled(bench.otherPlace),
        { index in
          index / size.elements * size.channels + index % size.channels
        }
      ),
      (.narrow(bench.otherPlace), { index in index / size.channels * size.channels }),
    ]
    for (second, partner) in cases {
      for (pairing, function) in Self.pairings {
        let step = ElementwiseStep(
          .combine(Combination(pairing, second), .clamp(.narrow)), size: size, variant: variant,
          from: bench.inputPlace, to: bench.outputPlace)
        let expected = input.indices.map { Clamp.narrow.limiting(function(input[$0], other[partner($0)])) }
        let closeness = Closeness(try #require(bench.run(step, on: input, other: other)), expected)
        #expect(closeness.isWithin(relative: 0, absolute: 2e-7), "\(pairing) \(second): \(closeness)")
      }
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
