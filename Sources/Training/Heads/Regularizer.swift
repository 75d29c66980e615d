/// The penalty on a layer's weights: `l1 Σ|w| + l2 Σw²`, added to the loss as Keras's `L1`, `L2` and `L1L2` are.
public struct Regularizer: Hashable, Sendable, Codable {
  /// The factor of the sum of absolute weights.
  public var l1: Double
  /// The factor of the sum of squared weights.
  public var l2: Double

  /// Declares a penalty.
  public init(l1: Double = 0, l2: Double = 0) {
    self.l1 = l1
    self.l2 = l2
  }

  /// A penalty on magnitudes.
  public static func l1(_ l1: Double = 0.01) -> Regularizer { Regularizer(l1: l1) }
  /// A penalty on squares.
  public static func l2(_ l2: Double = 0.01) -> Regularizer { Regularizer(l2: l2) }

  /// Whether weights cost anything.
  var isFree: Bool { l1 == 0 && l2 == 0 }

  func check(name: String) throws(TrainingError) {
    for value in [l1, l2] where !(value >= 0 && value.isFinite) {
      throw .layer(name: name, expected: "a regulariser of 0 or more", found: "\(value)")
    }
  }

  /// What all of `weights` cost.
  func penalty(_ weights: Span<Float>) -> Double {
    var (magnitudes, squares) = (0.0, 0.0)
    for index in weights.indices {
      let weight = Double(weights[index])
      magnitudes += abs(weight)
      squares += weight * weight
    }
    return l1 * magnitudes + l2 * squares
  }

  /// Adds the penalty's slope by `weights[start...]` to a stretch of a gradient.
  func addSlope(_ weights: Span<Float>, from start: Int, to gradient: inout MutableSpan<Float>) {
    guard !isFree else { return }
    let (first, second) = (Float(l1), Float(2 * l2))
    for index in gradient.indices {
      let weight = weights[start + index]
      let sign: Float = weight > 0 ? 1 : weight < 0 ? -1 : 0
      gradient[index] += first * sign + second * weight
    }
  }
}

/// Adds the slopes of the parameters' penalties to their gradients, whoever takes these.
struct PenalizedGradients<Consumer: GradientConsumer>: GradientConsumer {
  private let regularizers: [Regularizer]
  private(set) var consumer: Consumer
  /// Kept from one stretch to the next, so that its memory is taken once.
  private var scratch: [Float] = []

  init(_ parameters: [HeadProgram.Parameter], _ consumer: consuming Consumer) {
    regularizers = parameters.map(\.regularizer)
    self.consumer = consumer
  }

  mutating func consume(
    _ gradient: Span<Float>, range: Range<Int>, parameter index: Int, values: inout [Float]
  ) {
    guard !regularizers[index].isFree else {
      consumer.consume(gradient, range: range, parameter: index, values: &values)
      return
    }
    var sums: [Float] = []
    swap(&sums, &scratch)
    sums.resize(to: gradient.count)
    var target = sums.mutableSpan
    for offset in gradient.indices { target[offset] = gradient[offset] }
    regularizers[index].addSlope(values.span, from: range.lowerBound, to: &target)
    consumer.consume(sums.span, range: range, parameter: index, values: &values)
    swap(&sums, &scratch)
  }
}
