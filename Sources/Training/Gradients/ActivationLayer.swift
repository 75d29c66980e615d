import Catalog
import Execution
import Kernels

extension DifferentiableOperation where Self: ActivationOperation {
  func steps(of layer: LayerSite) -> [any DifferentiableStep] {
    ActivationStep.steps(activation, width: layer.channels)
  }
}

extension ActivationLayer: DifferentiableOperation {}
extension ReLU: DifferentiableOperation {}
extension LeakyReLU: DifferentiableOperation {}
extension ELU: DifferentiableOperation {}
extension Softmax: DifferentiableOperation {}

/// An activation over rows of `width` elements, by the kernels that backbones have.
struct ActivationStep: UnaryStep {
  let function: Activation
  private let width: Int

  var backwardReads: BackwardReads { function.slopeReads }

  /// The step that applies `function`; none for the linear one.
  static func steps(_ function: Activation, width: Int) -> [any DifferentiableStep] {
    function == .linear ? [] : [ActivationStep(function: function, width: width)]
  }

  func forward(
    _ input: Span<Float>, into output: inout MutableSpan<Float>, _ parameters: [[Float]], _ batch: StepBatch
  ) -> (any Sendable)? {
    function.apply(input, into: &output, width: width, pool: batch.pool)
    return nil
  }

  func inputGradient(_ record: StepRecord, _ parameters: [[Float]], into result: inout MutableSpan<Float>) {
    let input = record.input.span
    let output = record.output.span
    let gradient = record.gradient.span
    guard function == .softmax else {
      function.multiplySlopes(input, output, gradient, into: &result, pool: record.batch.pool)
      return
    }
    for start in stride(from: 0, to: output.count, by: width) {
      Self.softmaxGradient(output, gradient, start..<start + width, into: &result)
    }
  }

  /// `y (g - Σ g y)`
  private static func softmaxGradient(
    _ output: Span<Float>, _ gradient: Span<Float>, _ row: Range<Int>,
    into result: inout MutableSpan<Float>
  ) {
    var product = 0.0
    for index in row { product += Double(output[index]) * Double(gradient[index]) }
    for index in row { result[index] = output[index] * (gradient[index] - Float(product)) }
  }
}

extension Activation {
  /// Applies the function to rows of `width` elements.
  func apply(_ input: Span<Float>, into output: inout MutableSpan<Float>, width: Int, pool: ThreadPool) {
    if self == .softmax {
      ChannelStep.Function.softmax.apply(input, into: &output, width: width, pool: pool)
    } else {
      KernelActivation(self).apply(input, into: &output, pool: pool)
    }
  }
}
