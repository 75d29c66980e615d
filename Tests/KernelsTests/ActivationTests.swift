import Foundation
import Kernels
import TestSupport
import Testing
import Tensors

extension KernelActivation {
  /// Every function, some with several constants.
  static let all: [KernelActivation] = [
    .linear, .relu, .relu6, .clamp(.narrow), .leakyReLU(slope: 0.3),
    .leakyReLU(slope: 0.5, threshold: 0.125, maximum: 6), .elu(alpha: 0.7), .selu, .hardSigmoid(),
    .hardSigmoid(slope: 0.2), .hardSilu(), .sigmoid, .silu, .tanh, .softplus, .mish, .softsign, .exponential,
    .gelu(approximate: false), .gelu(approximate: true),
  ]

  /// The definition, in double precision.
  func callAsFunction(_ x: Double) -> Double {
    func between(_ x: Double, _ least: Double, _ most: Double) -> Double {
      x < least ? least : x > most ? most : x
    }
    let softplus = x > 0 ? x + log1p(exp(-x)) : log1p(exp(x))
    switch self {
    case .linear: return x
    case .clamp(let clamp): return between(x, Double(clamp.minimum), Double(clamp.maximum))
    case .leakyReLU(let slope, let threshold, let maximum):
      return x > Double(threshold)
        ? between(x, -.infinity, Double(maximum)) : Double(slope) * (x - Double(threshold))
    case .elu(let alpha, let scale): return Double(scale) * (x > 0 ? x : Double(alpha) * expm1(x))
    case .hardSigmoid(let slope, let offset): return between(Double(slope) * x + Double(offset), 0, 1)
    case .hardSilu(let slope, let offset): return x * between(Double(slope) * x + Double(offset), 0, 1)
    case .sigmoid: return 1 / (1 + exp(-x))
    case .silu: return x / (1 + exp(-x))
    case .tanh: return Foundation.tanh(x)
    case .softplus: return softplus
    case .mish: return x * Foundation.tanh(softplus)
    case .softsign: return x / (1 + abs(x))
    case .exponential: return exp(x)
    case .gelu(approximate: false): return x * erfc(-x / 2.0.squareRoot()) / 2
    case .gelu(approximate: true):
      return x * (1 + Foundation.tanh((2 / Double.pi).squareRoot() * (x + 0.044715 * x * x * x))) / 2
    }
  }
}

/// Activation functions on every instruction set here, on their own and as the last act of other steps.
@Suite struct ActivationTests {
  /// Floats of every size and sign, and those that are special.
  static let sweep: [Float] =
    stride(from: UInt64(0), to: 1 << 32, by: 65_521).map { Float(bitPattern: UInt32($0)) } + [
      0, -0.0, .infinity, -.infinity, .nan, .leastNonzeroMagnitude, -.leastNonzeroMagnitude,
      .greatestFiniteMagnitude, -.greatestFiniteMagnitude,
    ]

  /// Within six units in the last place, or of 1 where terms cancel each other, infinities and NaN where they should be.
  static func isClose(_ found: Float, _ expected: Double, _ activation: KernelActivation) -> Bool {
    if expected.isNaN || found.isNaN { return expected.isNaN && found.isNaN }
    if Float(expected).isInfinite || found.isInfinite {
      return Double(found) == expected || abs(expected) > Double(Float.greatestFiniteMagnitude) * 0.999_999
    }
    let smallest: Double =
      switch activation {
      case .hardSigmoid, .hardSilu, .gelu(approximate: true): 1
      default: 0x1p-120
      }
    return abs(Double(found) - expected) <= 6 * max(abs(expected), smallest).binade * 0x1p-23
  }

  @Test(arguments: KernelVariant.supported, KernelActivation.all)
  func agreesWithItsDefinition(variant: KernelVariant, activation: KernelActivation) throws {
    let size = ImageSize(height: 1, width: 1, channels: Self.sweep.count)
    let bench = StepBench(images: 1, input: size, output: size)
    let step = ElementwiseStep(
      .activation(activation), size: size, variant: variant, from: bench.inputPlace, to: bench.outputPlace)
    let found = try #require(bench.run(step, on: Self.sweep))
    let wrong = Self.sweep.indices.filter { index in
      !Self.isClose(found[index], activation(Double(Self.sweep[index])), activation)
    }
    #expect(wrong.isEmpty, "\(wrong.prefix(5).map { (Self.sweep[$0], found[$0]) })")
  }

  @Test(arguments: [KernelActivation.silu, .tanh])
  func sameBitsInPlaceAndForAnyThreadCount(activation: KernelActivation) throws {
    let size = ImageSize(height: 40, width: 41, channels: 19)
    let input = noise(size.elements, seed: 1).map { $0 * 10 }
    let results = try [1, 3].flatMap { threads in
      try [2, 0].map { margin in
        let bench = StepBench(
          images: 1, input: size, output: size, margin: margin, pool: ThreadPool(threads: threads))
        // Without a margin in place: the input is written to where the output will be.
        let step = ElementwiseStep(
          .activation(activation), size: size, from: margin == 0 ? bench.outputPlace : bench.inputPlace,
          to: bench.outputPlace)
        return try #require(bench.run(step, on: input, output: margin == 0 ? input : nil))
      }
    }
    for result in results.dropFirst() {
      #expect(result.map(\.bitPattern) == results[0].map(\.bitPattern))
    }
  }

  @Test(arguments: KernelVariant.supported, KernelActivation.all)
  func endsOtherSteps(variant: KernelVariant, activation: KernelActivation) throws {
    let size = ImageSize(height: 9, width: 11, channels: 18)
    let bench = StepBench(images: 2, input: size, output: size, margin: 3)
    let input = noise(2 * size.elements, seed: 2)
    let residual = noise(2 * size.elements, seed: 3)
    for (name, step) in Self.steps(bench, activation, variant) {
      guard let open = Self.steps(bench, .linear, variant).first(where: { $0.name == name })?.step else {
        Issue.record("no step \(name)")
        continue
      }
      let sums = try #require(bench.run(open, on: input, other: residual, scratch: 1 << 20))
      let found = try #require(bench.run(step, on: input, other: residual, scratch: 1 << 20), "\(name)")
      let wrong = found.indices.filter { !Self.isClose(found[$0], activation(Double(sums[$0])), activation) }
      #expect(wrong.isEmpty, "\(name): \(wrong.prefix(5).map { (sums[$0], found[$0]) })")
    }
  }

  /// Every step with an epilogue, over 9 x 11 x 18 elements.
  static func steps(
    _ bench: StepBench, _ activation: KernelActivation, _ variant: KernelVariant
  ) -> [(name: String, step: any KernelStep)] {
    let (from, to, size) = (bench.inputPlace, bench.outputPlace, bench.input)
    let (window, point) = (Window.same(size, 3, 3), Window(pointwise: size))
    let kernel = noise(9 * 18 * 18, seed: 4)
    let matrix = kernel.span.extracting(0..<18 * 18)
    let depthwise = noise(9 * 18, seed: 5)
    let epilogue = Epilogue(
      bias: noise(18, seed: 6), residual: bench.otherPlace, activation: activation, variant: variant)
    let packed = PackedWeights(kernel.span, depth: 162, columns: 18, variant: variant)
    let pointwise = PackedWeights(matrix, depth: 18, columns: 18, variant: variant)
    let halves = StrassenWeights(matrix, channels: 18, filters: 18, variant: variant)
    let winograd = WinogradForm.all.filter { $0.height == 3 && $0.width == 3 }.map { form in
      let weights = WinogradWeights(form, kernel.span, channels: 18, filters: 18, variant: variant)
      return (
        "winograd \(form.outputHeight)",
        WinogradStep(window: window, weights: weights, epilogue: epilogue, from: from, to: to)
          as any KernelStep
      )
    }
    return winograd + [
      (
        "convolution",
        ConvolutionStep(window: window, weights: packed, epilogue: epilogue, from: from, to: to)
      ),
      (
        "strassen",
        StrassenStep(of: PixelSource(point), weights: halves, epilogue: epilogue, from: from, to: to)
      ),
      (
        "separable",
        PointwiseStep(
          of: PixelSource(DepthwiseConvolution(window: window, kernel: DepthwiseKernel(depthwise))),
          weights: pointwise, epilogue: epilogue, from: from, to: to)
      ),
      (
        "affine",
        ElementwiseStep(
          .affine(scale: noise(18, seed: 7), shift: noise(18, seed: 8), activation), size: size,
          variant: variant, from: from, to: to)
      ),
      (
        "add",
        ElementwiseStep(
          .add(bench.otherPlace, activation), size: size, variant: variant, from: from, to: to)
      ),
    ]
  }
}

@Suite struct ChannelStepTests {
  @Test(arguments: KernelVariant.supported, [1, 3, 16, 21, 1000])
  func sharesOfEveryPixel(variant: KernelVariant, channels: Int) throws {
    let size = ImageSize(height: 3, width: 4, channels: channels)
    let bench = StepBench(images: 2, input: size, output: size, margin: 1, pool: ThreadPool(threads: 2))
    let input = noise(2 * size.elements, seed: 9).enumerated().map { $1 * Float($0 / channels) * 8 }
    let step = ChannelStep(
      .softmax, size: size, variant: variant, from: bench.inputPlace, to: bench.outputPlace)
    let found = try #require(bench.run(step, on: input))
    for pixel in 0..<24 {
      let own = pixel * channels..<(pixel + 1) * channels
      let largest = Double(input[own].max() ?? 0)
      let powers = input[own].map { exp(Double($0) - largest) }
      let sum = powers.reduce(0, +)
      for (index, power) in zip(own, powers) {
        // A power has as many wrong digits more as its exponent has before the point.
        let error = 1e-6 + 1e-7 * (largest - Double(input[index]))
        #expect(abs(Double(found[index]) - power / sum) <= 1e-38 + error * power / sum)
      }
    }
  }

  @Test(arguments: KernelVariant.supported) func whatIsNotANumberLeavesNoShares(variant: KernelVariant) throws
  {
    let size = ImageSize(height: 1, width: 3, channels: 3)
    let bench = StepBench(images: 1, input: size, output: size)
    let step = ChannelStep(
      .softmax, size: size, variant: variant, from: bench.inputPlace, to: bench.outputPlace)
    let found = try #require(bench.run(step, on: [1, .nan, 2, 1, .infinity, 2, 1, -.infinity, 1]))
    #expect(found.map(\.isNaN) == [true, true, true, true, true, true, false, false, false])
    #expect(Array(found[6...]) == [0.5, 0, 0.5])
  }

  @Test(arguments: KernelVariant.supported, [1, 3, 16, 21, 1000])
  func pixelsOfLengthOne(variant: KernelVariant, channels: Int) throws {
    let size = ImageSize(height: 3, width: 4, channels: channels)
    let bench = StepBench(images: 2, input: size, output: size, margin: 1, pool: ThreadPool(threads: 2))
    var input = noise(2 * size.elements, seed: 12).enumerated().map { $1 * Float($0 / channels) }
    for index in input.indices.suffix(channels) { input[index] = 0 }
    let step = ChannelStep(
      .unitNormalization, size: size, variant: variant, from: bench.inputPlace, to: bench.outputPlace)
    let found = try #require(bench.run(step, on: input))
    let expected = input.indices.map { index in
      let pixel = index / channels * channels
      let length = input[pixel..<pixel + channels].reduce(0) { $0 + Double($1) * Double($1) }.squareRoot()
      return length > 0 ? Float(Double(input[index]) / length) : 0
    }
    let closeness = Closeness(found, expected)
    #expect(closeness.isWithin(relative: 1e-6, absolute: 1e-7), "\(closeness)")
  }
}

/// Functions over rows without a workspace, as training uses them.
@Suite struct ElementwiseFunctionTests {
  @Test(arguments: KernelVariant.supported) func sameBitsAsStepsForAnyThreads(variant: KernelVariant) throws {
    let size = ImageSize(height: 90, width: 31, channels: 21)
    let bench = StepBench(images: 1, input: size, output: size)
    let input = noise(size.elements, seed: 13)
    for pool in [ThreadPool.single, ThreadPool(threads: 3)] {
      var found = input
      var output = found.mutableSpan
      KernelActivation.gelu(approximate: false).apply(input.span, into: &output, pool: pool, variant: variant)
      let activated = ElementwiseStep(
        .activation(.gelu(approximate: false)), size: size, variant: variant, from: bench.inputPlace,
        to: bench.outputPlace)
      #expect(found == bench.run(activated, on: input))
      for function in [ChannelStep.Function.softmax, .unitNormalization] {
        var found = input
        var output = found.mutableSpan
        function.apply(input.span, into: &output, width: 21, pool: pool, variant: variant)
        let step = ChannelStep(
          function, size: size, variant: variant, from: bench.inputPlace, to: bench.outputPlace)
        #expect(found == bench.run(step, on: input))
      }
    }
  }
}
