import Catalog

extension Catalog.BatchNormalization: DifferentiableOperation {
  func problem(_ training: TrainingAttributes) -> SettingProblem? {
    guard (0...1).contains(training.momentum) else {
      return SettingProblem(expected: "a momentum from 0 to 1", found: "\(training.momentum)")
    }
    guard epsilon > 0, epsilon.isFinite else {
      return SettingProblem(expected: "an epsilon above 0", found: "\(epsilon)")
    }
    return nil
  }

  func steps(of layer: HeadLayerSite) -> [any DifferentiableStep] {
    guard let mean = layer.parameters["moving_mean"], let variance = layer.parameters["moving_variance"]
    else { return [] }
    return [
      NormalizationStep(
        gamma: layer.parameters["gamma"], beta: layer.parameters["beta"], movingMean: mean,
        movingVariance: variance, channels: layer.channels, momentum: layer.training.momentum,
        epsilon: epsilon)
    ]
  }
}

/// Rows of `channels` elements, by what the batch measures while training and by the moving averages else. Keeps the
/// batch's moments.
private struct NormalizationStep: DifferentiableStep {
  var gamma: Int?
  var beta: Int?
  var movingMean: Int
  var movingVariance: Int
  var channels: Int
  var momentum: Double
  var epsilon: Double

  var learns: Bool { gamma != nil || beta != nil }

  func forward(
    _ input: Span<Float>, into output: inout MutableSpan<Float>, _ parameters: [[Float]], _ batch: StepBatch
  ) -> (any Sendable)? {
    guard batch.isTraining else {
      normalize(input, into: &output, parameters, Moments(self, parameters))
      return nil
    }
    let moments = Moments(input, channels: channels)
    normalize(input, into: &output, parameters, moments)
    return moments
  }

  func inputGradient(_ record: StepRecord, _ parameters: [[Float]], into result: inout MutableSpan<Float>) {
    if let moments = record.kept as? Moments {
      trainingGradient(record, into: &result, parameters, moments)
    } else {
      inferenceGradient(record.gradient.span, into: &result, parameters)
    }
  }

  func parameterGradients(
    _ record: StepRecord, _ values: inout [[Float]], into consumer: inout some GradientConsumer
  ) {
    guard let moments = record.kept as? Moments else { return }
    let sums = parameterSums(record, moments)
    for case (let parameter?, let sum) in [(gamma, sums.gamma), (beta, sums.beta)] {
      let gradient = sum.map { Float($0) }
      consumer.consume(
        gradient.span, range: 0..<channels, parameter: parameter, values: &values[parameter])
    }
  }

  func moveAverages(_ parameters: inout [[Float]], kept: (any Sendable)?) {
    guard let moments = kept as? Moments else { return }
    move(&parameters[movingMean], towards: moments.means)
    move(&parameters[movingVariance], towards: moments.variances)
  }
}

/// A batch's mean and variance, channel by channel.
private struct Moments: Sendable {
  private(set) var means: [Double]
  private(set) var variances: [Double]

  /// Measures rows of `channels` elements.
  init(_ rows: Span<Float>, channels: Int) {
    let count = Double(max(1, rows.count / channels))
    means = [Double](repeating: 0, count: channels)
    variances = means
    for start in stride(from: 0, to: rows.count, by: channels) {
      for channel in 0..<channels { means[channel] += Double(rows[start + channel]) }
    }
    for channel in 0..<channels { means[channel] /= count }
    for start in stride(from: 0, to: rows.count, by: channels) {
      for channel in 0..<channels {
        let distance = Double(rows[start + channel]) - means[channel]
        variances[channel] += distance * distance
      }
    }
    for channel in 0..<channels { variances[channel] /= count }
  }

  /// Takes the moving averages.
  init(_ step: NormalizationStep, _ parameters: [[Float]]) {
    means = parameters[step.movingMean].map(Double.init)
    variances = parameters[step.movingVariance].map(Double.init)
  }

  /// `1 / sqrt(variance + epsilon)`
  func inverseDeviations(_ epsilon: Double) -> [Double] { variances.map { 1 / ($0 + epsilon).squareRoot() } }
}

extension NormalizationStep {
  /// `gamma (x - mean) / sqrt(variance + epsilon) + beta`
  private func normalize(
    _ input: Span<Float>, into output: inout MutableSpan<Float>, _ parameters: [[Float]], _ moments: Moments
  ) {
    let inverse = moments.inverseDeviations(epsilon)
    let factors = (0..<channels).map { inverse[$0] * gammaValue(parameters, $0) }
    let offsets = (0..<channels).map { channel in
      (beta.map { Double(parameters[$0][channel]) } ?? 0) - moments.means[channel] * factors[channel]
    }
    for start in stride(from: 0, to: input.count, by: channels) {
      for channel in 0..<channels {
        output[start + channel] = Float(Double(input[start + channel]) * factors[channel] + offsets[channel])
      }
    }
  }

  /// The gradients by gamma and beta: `Σ g (x - mean) / deviation` and `Σ g`.
  private func parameterSums(_ record: StepRecord, _ moments: Moments) -> (gamma: [Double], beta: [Double]) {
    let input = record.input.span
    let gradient = record.gradient.span
    let inverse = moments.inverseDeviations(epsilon)
    var gammas = [Double](repeating: 0, count: channels)
    var betas = gammas
    for start in stride(from: 0, to: input.count, by: channels) {
      for channel in 0..<channels {
        let slope = Double(gradient[start + channel])
        let normal = (Double(input[start + channel]) - moments.means[channel]) * inverse[channel]
        gammas[channel] += slope * normal
        betas[channel] += slope
      }
    }
    return (gammas, betas)
  }

  /// The gradient by the input, through the batch's mean and variance too.
  private func trainingGradient(
    _ record: StepRecord, into result: inout MutableSpan<Float>, _ parameters: [[Float]], _ moments: Moments
  ) {
    let input = record.input.span
    let gradient = record.gradient.span
    let sums = parameterSums(record, moments)
    let inverse = moments.inverseDeviations(epsilon)
    let count = Double(input.count / channels)
    for start in stride(from: 0, to: input.count, by: channels) {
      for channel in 0..<channels {
        let normal = (Double(input[start + channel]) - moments.means[channel]) * inverse[channel]
        let centred =
          Double(gradient[start + channel]) - (sums.beta[channel] + normal * sums.gamma[channel]) / count
        result[start + channel] = Float(centred * inverse[channel] * gammaValue(parameters, channel))
      }
    }
  }

  /// The gradient by the input where the moving averages are given.
  private func inferenceGradient(
    _ gradient: Span<Float>, into result: inout MutableSpan<Float>, _ parameters: [[Float]]
  ) {
    let inverse = Moments(self, parameters).inverseDeviations(epsilon)
    let factors = (0..<channels).map { Float(inverse[$0] * gammaValue(parameters, $0)) }
    for index in gradient.indices { result[index] = gradient[index] * factors[index % channels] }
  }

  private func move(_ average: inout [Float], towards batch: [Double]) {
    for channel in average.indices {
      average[channel] = Float(Double(average[channel]) * momentum + batch[channel] * (1 - momentum))
    }
  }

  private func gammaValue(_ parameters: [[Float]], _ channel: Int) -> Double {
    gamma.map { Double(parameters[$0][channel]) } ?? 1
  }
}
