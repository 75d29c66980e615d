import Catalog
import Kernels
import Tensors

extension DepthwiseConv2D: DifferentiableOperation {
  func problem(of layer: LayerSite) -> SettingProblem? { DepthwiseConvolutionStep.problem(window) }

  func steps(of layer: LayerSite) -> [any DifferentiableStep] {
    guard let kernel = layer.parameters["depthwise_kernel"] else { return [] }
    let step = DepthwiseConvolutionStep(
      kernel: kernel, bias: layer.parameters["bias"], learns: layer.learns,
      convolution: TrainedDepthwise(window: window.window(over: layer.inputShape, to: layer.outputShape)),
      multiplier: depthMultiplier)
    return [step] + ActivationStep.steps(activation, width: layer.channels * depthMultiplier)
  }
}

/// A window over each channel on its own, with some filters a channel, and the bias that follows.
struct DepthwiseConvolutionStep: UnaryStep {
  var kernel: Int
  var bias: Int?
  var learns: Bool
  var convolution: TrainedDepthwise
  var multiplier: Int

  /// What keeps a window from being trained.
  static func problem(_ window: SlidingWindow) -> SettingProblem? {
    let most = TrainedDepthwise.mostColumns
    return window.size.width <= most
      ? nil : SettingProblem(expected: "a window of at most \(most) columns", found: "\(window.size.width)")
  }

  var backwardReads: BackwardReads { learns ? .inputs : [] }
  var multipliesWeights: Bool { true }

  var width: Int? { convolution.window.outputHeight * convolution.window.outputWidth * channels }

  private var channels: Int { convolution.window.input.channels * multiplier }

  /// The numbers of filter `index` of every channel.
  private func filter(_ index: Int, of numbers: Span<Float>) -> [Float] {
    stride(from: index, to: numbers.count, by: multiplier).map { numbers[$0] }
  }

  func forward(
    _ input: Span<Float>, into output: inout MutableSpan<Float>, _ parameters: [[Float]], _ batch: StepBatch
  ) -> (any Sendable)? {
    let kernel = parameters[kernel]
    if multiplier == 1 {
      convolution.forward(
        input, kernel: kernel.span, into: &output, images: batch.samples, pool: batch.pool)
    } else {
      var results = [Float](repeating: 0, count: output.count / multiplier)
      for index in 0..<multiplier {
        var target = results.mutableSpan
        convolution.forward(
          input, kernel: filter(index, of: kernel.span).span, into: &target, images: batch.samples,
          pool: batch.pool)
        for (element, value) in results.enumerated() { output[element * multiplier + index] = value }
      }
    }
    if let bias {
      let terms = parameters[bias]
      Rows.add(terms.span, to: &output)
    }
    return nil
  }

  func inputGradient(_ record: StepRecord, _ parameters: [[Float]], into result: inout MutableSpan<Float>) {
    let kernel = parameters[kernel]
    let (images, pool) = (record.batch.samples, record.batch.pool)
    guard multiplier > 1 else {
      return convolution.inputGradient(
        record.gradient.span, kernel: kernel.span, into: &result, images: images, pool: pool)
    }
    for index in result.indices { result[index] = 0 }
    var part = [Float](repeating: 0, count: result.count)
    for index in 0..<multiplier {
      let (slopes, weights) = (filter(index, of: record.gradient.span), filter(index, of: kernel.span))
      var target = part.mutableSpan
      convolution.inputGradient(
        slopes.span, kernel: weights.span, into: &target, images: images, pool: pool)
      ElementwiseGradients(pool: pool).add(part.span, to: &result)
    }
  }

  func parameterGradients(
    _ record: StepRecord, _ values: inout [[Float]], into consumer: inout some GradientConsumer
  ) {
    if let bias { BiasGradient(channels: channels).give(record, bias, &values, to: &consumer) }
    var gradient = [Float](repeating: 0, count: values[kernel].count)
    var part = [Float](repeating: 0, count: gradient.count / multiplier)
    for index in 0..<multiplier {
      let slopes = multiplier == 1 ? record.gradient : filter(index, of: record.gradient.span)
      var target = part.mutableSpan
      convolution.kernelGradient(
        record.input.span, slopes.span, into: &target, images: record.batch.samples, pool: record.batch.pool)
      for (element, value) in part.enumerated() { gradient[element * multiplier + index] = value }
    }
    consumer.consume(
      gradient.span, range: 0..<gradient.count, parameter: kernel, values: &values[kernel])
  }
}
