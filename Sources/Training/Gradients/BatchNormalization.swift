import Catalog
import Kernels

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

  func steps(of layer: LayerSite) -> [any DifferentiableStep] {
    guard let mean = layer.parameters["moving_mean"], let variance = layer.parameters["moving_variance"]
    else { return [] }
    return [
      NormalizationStep(
        gamma: layer.parameters["gamma"], beta: layer.parameters["beta"], movingMean: mean,
        movingVariance: variance, channels: layer.channels, momentum: layer.training.momentum,
        epsilon: epsilon, isFrozen: !layer.learns)
    ]
  }
}

/// Rows of `channels` elements, by what the batch measures while training and by the moving averages else. Keeps the
/// batch's moments.
private struct NormalizationStep: UnaryStep {
  var gamma: Int?
  var beta: Int?
  var movingMean: Int
  var movingVariance: Int
  var channels: Int
  var momentum: Double
  var epsilon: Double
  /// Whether it goes by its moving averages while training, too, and nothing of it learns.
  var isFrozen: Bool

  var backwardReads: BackwardReads { isFrozen ? [] : .inputs }

  var learns: Bool { !isFrozen && (gamma != nil || beta != nil) }

  func forward(
    _ input: Span<Float>, into output: inout MutableSpan<Float>, _ parameters: [[Float]], _ batch: StepBatch
  ) -> (any Sendable)? {
    let kernels = ChannelKernels(channels: channels, pool: batch.pool)
    let isMeasured = batch.isTraining && !isFrozen
    let moments = isMeasured ? Moments(input, kernels) : Moments(self, parameters)
    let factors = factors(moments, parameters)
    let offsets = (0..<channels).map { channel in
      Float((beta.map { Double(parameters[$0][channel]) } ?? 0) - moments.means[channel] * factors[channel])
    }
    kernels.affine(input, scale: factors.map { Float($0) }, shift: offsets, into: &output)
    return isMeasured ? BatchMoments(moments) : nil
  }

  /// The gradient by the input: through the batch's mean and variance too, where those were measured.
  func inputGradient(_ record: StepRecord, _ parameters: [[Float]], into result: inout MutableSpan<Float>) {
    let kernels = ChannelKernels(channels: channels, pool: record.batch.pool)
    guard let kept = record.kept as? BatchMoments else {
      let factors = factors(Moments(self, parameters), parameters).map { Float($0) }
      let zeros = [Float](repeating: 0, count: channels)
      return kernels.affine(record.gradient.span, scale: factors, shift: zeros, into: &result)
    }
    let (moments, sums) = (kept.moments, kept.sums(record, kernels))
    let count = Double(max(1, record.input.count / channels))
    let inverse = moments.inverseDeviations(epsilon)
    let terms = NormalizationTerms(
      scale: factors(moments, parameters).map { Float($0) }, offset: sums.beta.map { Float($0 / count) },
      mean: moments.means.map { Float($0) },
      slope: (0..<channels).map { Float(inverse[$0] * inverse[$0] * sums.products[$0] / count) })
    kernels.normalizationGradient(record.gradient.span, record.input.span, terms, into: &result)
  }

  /// The gradients by gamma and beta: `Σ g (x - mean) / deviation` and `Σ g`.
  func parameterGradients(
    _ record: StepRecord, _ values: inout [[Float]], into consumer: inout some GradientConsumer
  ) {
    guard let kept = record.kept as? BatchMoments else { return }
    let sums = kept.sums(record, ChannelKernels(channels: channels, pool: record.batch.pool))
    let inverse = kept.moments.inverseDeviations(epsilon)
    let gammas = (0..<channels).map { Float(sums.products[$0] * inverse[$0]) }
    for case (let parameter?, let gradient) in [(gamma, gammas), (beta, sums.beta.map { Float($0) })] {
      consumer.consume(
        gradient.span, range: 0..<channels, parameter: parameter, values: &values[parameter])
    }
  }

  func moveAverages(_ parameters: inout [[Float]], kept: (any Sendable)?) {
    guard let moments = (kept as? BatchMoments)?.moments else { return }
    move(&parameters[movingMean], towards: moments.means)
    move(&parameters[movingVariance], towards: moments.variances)
  }

  private func move(_ average: inout [Float], towards batch: [Double]) {
    for channel in average.indices {
      average[channel] = Float(Double(average[channel]) * momentum + batch[channel] * (1 - momentum))
    }
  }

  /// `gamma / sqrt(variance + epsilon)`
  private func factors(_ moments: Moments, _ parameters: [[Float]]) -> [Double] {
    let inverse = moments.inverseDeviations(epsilon)
    guard let gamma else { return inverse }
    return (0..<channels).map { inverse[$0] * Double(parameters[gamma][$0]) }
  }
}

/// A mean and a variance a channel.
private struct Moments: Sendable {
  private(set) var means: [Double]
  /// Biased, as Keras has it, also for its moving average.
  private(set) var variances: [Double]

  /// Measures rows.
  init(_ rows: Span<Float>, _ kernels: ChannelKernels) {
    let sums = kernels.moments(rows).sums
    let count = Double(max(1, rows.count / max(1, sums.count)))
    means = sums.map { $0 / count }
    let centred = kernels.moments(rows, around: means.map { Float($0) })
    // The mean was rounded before it was taken off.
    variances = zip(centred.squares, centred.sums).map { max(0, ($0 - $1 * $1 / count) / count) }
  }

  /// Takes the moving averages.
  init(_ step: NormalizationStep, _ parameters: [[Float]]) {
    means = parameters[step.movingMean].map(Double.init)
    variances = parameters[step.movingVariance].map(Double.init)
  }

  /// `1 / sqrt(variance + epsilon)`
  func inverseDeviations(_ epsilon: Double) -> [Double] { variances.map { 1 / ($0 + epsilon).squareRoot() } }
}

/// A batch's moments, and what its gradient sums up to once that is known.
private final class BatchMoments: Sendable {
  let moments: Moments
  private let gradient = Locked<(beta: [Double], products: [Double])?>(nil)

  init(_ moments: Moments) { self.moments = moments }

  /// The sums of the gradient, and of the gradient times `x - mean`.
  func sums(_ record: StepRecord, _ kernels: ChannelKernels) -> (beta: [Double], products: [Double]) {
    if let known = gradient.value { return known }
    let found = kernels.sums(
      record.gradient.span, record.input.span, around: moments.means.map { Float($0) })
    gradient.value = (found.sums, found.products)
    return (found.sums, found.products)
  }
}
