import Catalog
import Kernels
import Tensors

extension Conv2D: DifferentiableOperation {
  func steps(of layer: LayerSite) -> [any DifferentiableStep] {
    guard let kernel = layer.parameters["kernel"] else { return [] }
    let whole = window.window(over: layer.inputShape, to: layer.outputShape)
    let activation = ActivationStep.steps(activation, width: filters)
    guard groups > 1 else {
      return [
        ConvolutionStep(
          kernel: kernel, bias: layer.parameters["bias"], learns: layer.learns,
          convolution: TrainedConvolution(window: whole, filters: filters, isExact: layer.isExact))
      ] + activation
    }
    return [
      GroupedConvolutionStep(
        kernel: kernel, bias: layer.parameters["bias"], learns: layer.learns, whole: whole, filters: filters,
        groups: groups, isExact: layer.isExact)
    ] + activation
  }
}

/// A convolution, and the bias that follows.
struct ConvolutionStep: UnaryStep {
  var kernel: Int
  var bias: Int?
  var learns: Bool
  var convolution: TrainedConvolution

  var backwardReads: BackwardReads { learns ? .inputs : [] }
  var multipliesWeights: Bool { true }

  func forward(
    _ input: Span<Float>, into output: inout MutableSpan<Float>, _ parameters: [[Float]], _ batch: StepBatch
  ) -> (any Sendable)? {
    let kernel = parameters[kernel]
    convolution.forward(
      input, kernel: kernel.span, bias: bias.map { parameters[$0] } ?? [], into: &output,
      batch.crew)
    return nil
  }

  func inputGradient(_ record: StepRecord, _ parameters: [[Float]], into result: inout MutableSpan<Float>) {
    let kernel = parameters[kernel]
    convolution.inputGradient(
      record.gradient.span, kernel: kernel.span, into: &result, record.batch.crew)
  }

  func parameterGradients(
    _ record: StepRecord, _ values: inout [[Float]], into consumer: inout some GradientConsumer
  ) {
    if let bias {
      BiasGradient(channels: convolution.filters).give(record, bias, &values, to: &consumer)
    }
    convolution.kernelGradient(record.input.span, record.gradient.span, record.batch.crew) { gradient in
      consumer.consume(
        gradient, range: 0..<gradient.count, parameter: kernel, values: &values[kernel])
    }
  }
}

/// The gradient by a bias: the sum of the gradient, a channel at a time.
struct BiasGradient {
  var channels: Int

  func give(
    _ record: StepRecord, _ bias: Int, _ values: inout [[Float]], to consumer: inout some GradientConsumer
  ) {
    let sums = ChannelKernels(channels: channels, pool: record.batch.pool).sums(record.gradient.span)
    let gradient = sums.map { Float($0) }
    consumer.consume(gradient.span, range: 0..<channels, parameter: bias, values: &values[bias])
  }
}

/// Convolutions side by side that know nothing of each other.
private struct GroupedConvolutionStep: UnaryStep {
  var kernel: Int
  var bias: Int?
  var learns: Bool
  /// Over all channels.
  var whole: Window
  var filters: Int
  var groups: Int
  var isExact: Bool

  var backwardReads: BackwardReads { learns ? .inputs : [] }
  var multipliesWeights: Bool { true }

  private var channelsTogether: Int { whole.input.channels / groups }
  private var filtersTogether: Int { filters / groups }

  private var convolution: TrainedConvolution {
    var window = whole
    window.input.channels = channelsTogether
    return TrainedConvolution(window: window, filters: filtersTogether, isExact: isExact)
  }

  private func channels(_ group: Int) -> Range<Int> {
    group * channelsTogether..<(group + 1) * channelsTogether
  }

  private func filters(_ group: Int) -> Range<Int> { group * filtersTogether..<(group + 1) * filtersTogether }

  private func part(_ matrix: Span<Float>, _ columns: Range<Int>, of width: Int) -> [Float] {
    var part: [Float] = []
    Rows.gatherColumns(matrix, columns, of: width, into: &part)
    return part
  }

  func forward(
    _ input: Span<Float>, into output: inout MutableSpan<Float>, _ parameters: [[Float]], _ batch: StepBatch
  ) -> (any Sendable)? {
    let (kernel, bias) = (parameters[kernel], bias.map { parameters[$0] })
    var results = [Float](repeating: 0, count: output.count / groups)
    for group in 0..<groups {
      let own = part(input, channels(group), of: whole.input.channels)
      let weights = part(kernel.span, filters(group), of: filters)
      var target = results.mutableSpan
      convolution.forward(
        own.span, kernel: weights.span, bias: bias.map { Array($0[filters(group)]) } ?? [], into: &target,
        batch.crew)
      Rows.scatterColumns(results.span, filters(group), of: filters, into: &output)
    }
    return nil
  }

  func inputGradient(_ record: StepRecord, _ parameters: [[Float]], into result: inout MutableSpan<Float>) {
    let kernel = parameters[kernel]
    var results = [Float](repeating: 0, count: result.count / groups)
    for group in 0..<groups {
      let slopes = part(record.gradient.span, filters(group), of: filters)
      let weights = part(kernel.span, filters(group), of: filters)
      var target = results.mutableSpan
      convolution.inputGradient(
        slopes.span, kernel: weights.span, into: &target, record.batch.crew)
      Rows.scatterColumns(results.span, channels(group), of: whole.input.channels, into: &result)
    }
  }

  func parameterGradients(
    _ record: StepRecord, _ values: inout [[Float]], into consumer: inout some GradientConsumer
  ) {
    if let bias { BiasGradient(channels: filters).give(record, bias, &values, to: &consumer) }
    var gradient = [Float](repeating: 0, count: values[kernel].count)
    for group in 0..<groups {
      let own = part(record.input.span, channels(group), of: whole.input.channels)
      let slopes = part(record.gradient.span, filters(group), of: filters)
      convolution.kernelGradient(own.span, slopes.span, record.batch.crew) { results in
        var all = gradient.mutableSpan
        Rows.scatterColumns(results, filters(group), of: filters, into: &all)
      }
    }
    consumer.consume(
      gradient.span, range: 0..<gradient.count, parameter: kernel, values: &values[kernel])
  }
}
