import Kernels

/// `x * gamma`, one factor a channel.
struct ScaleStep: UnaryStep {
  var gamma: Int
  var channels: Int
  var learns: Bool

  var backwardReads: BackwardReads { learns ? .inputs : [] }

  private func scale(
    _ input: Span<Float>, _ parameters: [[Float]], into output: inout MutableSpan<Float>, _ pool: ThreadPool
  ) {
    ChannelKernels(channels: channels, pool: pool).affine(
      input, scale: parameters[gamma], shift: [Float](repeating: 0, count: channels), into: &output)
  }

  func forward(
    _ input: Span<Float>, into output: inout MutableSpan<Float>, _ parameters: [[Float]], _ batch: StepBatch
  ) -> (any Sendable)? {
    scale(input, parameters, into: &output, batch.pool)
    return nil
  }

  func inputGradient(_ record: StepRecord, _ parameters: [[Float]], into result: inout MutableSpan<Float>) {
    scale(record.gradient.span, parameters, into: &result, record.batch.pool)
  }

  func parameterGradients(
    _ record: StepRecord, _ values: inout [[Float]], into consumer: inout some GradientConsumer
  ) {
    let sums = ChannelKernels(channels: channels, pool: record.batch.pool)
      .sums(record.gradient.span, record.input.span, around: [])
    let gradient = sums.products.map { Float($0) }
    consumer.consume(gradient.span, range: 0..<channels, parameter: gamma, values: &values[gamma])
  }
}

/// `x * scale + offset` with numbers that never change.
struct ConstantAffineStep: UnaryStep {
  private var scale: [Float]
  private var offset: [Float]

  var backwardReads: BackwardReads { [] }

  /// - Parameters: one number, or one a channel.
  init(scale: [Double], offset: [Double], channels: Int) {
    func each(_ numbers: [Double]) -> [Float] {
      (0..<channels).map { Float(numbers[numbers.count == 1 ? 0 : $0]) }
    }
    (self.scale, self.offset) = (each(scale), each(offset))
  }

  func forward(
    _ input: Span<Float>, into output: inout MutableSpan<Float>, _ parameters: [[Float]], _ batch: StepBatch
  ) -> (any Sendable)? {
    ChannelKernels(channels: scale.count, pool: batch.pool)
      .affine(input, scale: scale, shift: offset, into: &output)
    return nil
  }

  func inputGradient(_ record: StepRecord, _ parameters: [[Float]], into result: inout MutableSpan<Float>) {
    ChannelKernels(channels: scale.count, pool: record.batch.pool)
      .affine(record.gradient.span, scale: scale, shift: offset.map { _ in 0 }, into: &result)
  }
}
