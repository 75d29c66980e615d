import Catalog

extension Catalog.LayerNormalization: DifferentiableOperation {
  func problem(_ training: TrainingAttributes) -> SettingProblem? {
    guard epsilon > 0, epsilon.isFinite else {
      return SettingProblem(expected: "an epsilon above 0", found: "\(epsilon)")
    }
    return nil
  }

  func steps(of layer: HeadLayerSite) -> [any DifferentiableStep] {
    [
      LayerNormalizationStep(
        gamma: layer.parameters["gamma"], beta: layer.parameters["beta"], channels: layer.channels,
        epsilon: epsilon)
    ]
  }
}

/// Rows of `channels` elements, each by its own mean and variance.
private struct LayerNormalizationStep: DifferentiableStep {
  var gamma: Int?
  var beta: Int?
  var channels: Int
  var epsilon: Double

  var learns: Bool { gamma != nil || beta != nil }

  func forward(
    _ input: Span<Float>, into output: inout MutableSpan<Float>, _ parameters: [[Float]], _ batch: StepBatch
  ) -> (any Sendable)? {
    for start in stride(from: 0, to: input.count, by: channels) {
      let normals = normals(input, start).values
      for channel in 0..<channels {
        let shift = beta.map { Double(parameters[$0][channel]) } ?? 0
        output[start + channel] = Float(normals[channel] * gammaValue(parameters, channel) + shift)
      }
    }
    return nil
  }

  /// What of the gradient neither moves a row's mean nor its length.
  func inputGradient(_ record: StepRecord, _ parameters: [[Float]], into result: inout MutableSpan<Float>) {
    let input = record.input.span
    let gradient = record.gradient.span
    for start in stride(from: 0, to: input.count, by: channels) {
      let (normals, inverse) = normals(input, start)
      let slopes = (0..<channels).map { Double(gradient[start + $0]) * gammaValue(parameters, $0) }
      let mean = slopes.reduce(0, +) / Double(channels)
      let along = zip(slopes, normals).reduce(0) { $0 + $1.0 * $1.1 } / Double(channels)
      for channel in 0..<channels {
        result[start + channel] = Float((slopes[channel] - mean - normals[channel] * along) * inverse)
      }
    }
  }

  func parameterGradients(
    _ record: StepRecord, _ values: inout [[Float]], into consumer: inout some GradientConsumer
  ) {
    let input = record.input.span
    let gradient = record.gradient.span
    var (gammas, betas) = ([Double](repeating: 0, count: channels), [Double](repeating: 0, count: channels))
    for start in stride(from: 0, to: input.count, by: channels) {
      let normals = normals(input, start).values
      for channel in 0..<channels {
        gammas[channel] += Double(gradient[start + channel]) * normals[channel]
        betas[channel] += Double(gradient[start + channel])
      }
    }
    for case (let parameter?, let sum) in [(gamma, gammas), (beta, betas)] {
      let slopes = sum.map { Float($0) }
      consumer.consume(slopes.span, range: 0..<channels, parameter: parameter, values: &values[parameter])
    }
  }

  /// A row at mean 0 and variance 1, and what it was multiplied by for that.
  private func normals(_ input: Span<Float>, _ start: Int) -> (values: [Double], inverse: Double) {
    let row = (0..<channels).map { Double(input[start + $0]) }
    let mean = row.reduce(0, +) / Double(channels)
    let variance = row.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(channels)
    let inverse = 1 / (variance + epsilon).squareRoot()
    return (row.map { ($0 - mean) * inverse }, inverse)
  }

  private func gammaValue(_ parameters: [[Float]], _ channel: Int) -> Double {
    gamma.map { Double(parameters[$0][channel]) } ?? 1
  }
}
