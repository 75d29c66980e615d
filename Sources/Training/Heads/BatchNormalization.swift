/// Brings every channel of a batch to mean 0 and variance 1, then to a learnt deviation `gamma` and mean `beta`
/// (Ioffe and Szegedy, 2015). Outside training the moving averages take the batch's place. Four vectors
/// `[channels]`, of which the moving averages do not learn.
public struct BatchNormalization: HeadElement, Hashable {
  /// How much of a moving average stays in a step.
  public var momentum: Double
  /// Added to the variance.
  public var epsilon: Double
  /// Whether there is a `beta`.
  public var center: Bool
  /// Whether there is a `gamma`.
  public var scale: Bool

  /// Declares the layer; Keras's defaults.
  public init(momentum: Double = 0.99, epsilon: Double = 1e-3, center: Bool = true, scale: Bool = true) {
    self.momentum = momentum
    self.epsilon = epsilon
    self.center = center
    self.scale = scale
  }

  /// The layer that is declared.
  public var headLayer: HeadLayer { .batchNormalization(self) }

  func check(name: String) throws(TrainingError) {
    guard (0...1).contains(momentum) else {
      throw .layer(name: name, expected: "a momentum from 0 to 1", found: "\(momentum)")
    }
    guard epsilon > 0, epsilon.isFinite else {
      throw .layer(name: name, expected: "an epsilon above 0", found: "\(epsilon)")
    }
  }
}

/// A batch normalisation in a head's program: where its parameters are.
struct NormalizationStep: Hashable, Sendable {
  var gamma: Int?
  var beta: Int?
  var movingMean: Int
  var movingVariance: Int
  var channels: Int
  var momentum: Double
  var epsilon: Double
}

/// A batch's mean and variance, channel by channel.
struct Moments: Hashable, Sendable {
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
  func forward(
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
  func parameterGradients(_ input: Span<Float>, _ gradient: Span<Float>, _ moments: Moments)
    -> (gamma: [Double], beta: [Double])
  {
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
  func inputGradient(
    _ input: Span<Float>, _ gradient: Span<Float>, into result: inout MutableSpan<Float>,
    _ parameters: [[Float]], _ moments: Moments
  ) {
    let sums = parameterGradients(input, gradient, moments)
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
  func inferenceGradient(
    _ gradient: Span<Float>, into result: inout MutableSpan<Float>, _ parameters: [[Float]]
  ) {
    let inverse = Moments(self, parameters).inverseDeviations(epsilon)
    let factors = (0..<channels).map { Float(inverse[$0] * gammaValue(parameters, $0)) }
    for index in gradient.indices { result[index] = gradient[index] * factors[index % channels] }
  }

  /// Moves the averages towards a batch's.
  func moveAverages(_ parameters: inout [[Float]], towards moments: Moments) {
    move(&parameters[movingMean], towards: moments.means)
    move(&parameters[movingVariance], towards: moments.variances)
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
