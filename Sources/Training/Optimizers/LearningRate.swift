import Foundation

/// The learning rate of every step: one number, or a schedule in Keras's formulas.
///
/// Steps are batches, counted from 0 over all epochs.
///
/// ```swift
/// let steps = 12 * ((samples + 31) / 32)
/// let optimizer = Optimizer.adam(learningRate: .cosineDecay(from: 0.001, steps: steps))
/// ```
public indirect enum LearningRate: Hashable, Sendable {
  /// The same in every step, until a callback sets another.
  case constant(Double)
  /// `values[0]` up to and including step `boundaries[0]`, then `values[1]`, and so on; one value more than
  /// boundaries. Keras's `PiecewiseConstantDecay`.
  case piecewiseConstant(boundaries: [Int], values: [Double])
  /// `initial * rate ^ (step / steps)`, the quotient rounded down when `staircase`. Keras's `ExponentialDecay`.
  case exponentialDecay(from: Double, steps: Int, rate: Double, staircase: Bool = false)
  /// `initial / (1 + rate * step / steps)`, the quotient rounded down when `staircase`. Keras's
  /// `InverseTimeDecay`.
  case inverseTimeDecay(from: Double, steps: Int, rate: Double, staircase: Bool = false)
  /// `(initial - end) * (1 - step / steps) ^ power + end`, then `end`, or over and over again with longer and
  /// longer `steps` when `cycles`. Keras's `PolynomialDecay`.
  case polynomialDecay(
    from: Double, steps: Int, to: Double = 0.0001, power: Double = 1, cycles: Bool = false)
  /// Half a cosine from `initial` down to `alpha * initial` (Loshchilov and Hutter, 2017). Keras's
  /// `CosineDecay`.
  case cosineDecay(from: Double, steps: Int, alpha: Double = 0)
  /// In a straight line from `initial` to `target` over `steps` steps, where another schedule begins with its
  /// step 0; with ``cosineDecay(from:steps:alpha:)`` from the target it is `CosineDecay(warmup_target:)`.
  case warmup(from: Double = 0, to: Double, steps: Int, then: LearningRate)
  /// What a closure says.
  case function(LearningRateFunction)

  /// What `rate` says of every step, counted from 0.
  public static func function(_ rate: @escaping @Sendable (_ step: Int) -> Double) -> LearningRate {
    .function(LearningRateFunction(rate))
  }

  /// Whether it is one number, which a callback may replace by another.
  public var isConstant: Bool { if case .constant = self { true } else { false } }

  /// The learning rate of a step, counted from 0; of a schedule that no training takes, such as one of 0 steps, a number
  /// that means nothing.
  public func rate(at step: Int) -> Double {
    switch self {
    case .constant(let rate): return rate
    case .piecewiseConstant(let boundaries, let values):
      let part = boundaries.firstIndex { step <= $0 } ?? boundaries.count
      return part < values.count ? values[part] : .nan
    case .exponentialDecay(let initial, let steps, let rate, let staircase):
      return initial * pow(rate, Self.quotient(step, steps, staircase))
    case .inverseTimeDecay(let initial, let steps, let rate, let staircase):
      return initial / (1 + rate * Self.quotient(step, steps, staircase))
    case .polynomialDecay(let initial, let steps, let end, let power, let cycles):
      let passes = cycles ? max(1, Self.quotient(step, steps, false).rounded(.up)) : 1
      let length = Double(steps) * passes
      return (initial - end) * pow(1 - min(Double(step), length) / length, power) + end
    case .cosineDecay(let initial, let steps, let alpha):
      let cosine = 0.5 * (1 + cos(.pi * Self.quotient(min(step, steps), steps, false)))
      return initial * ((1 - alpha) * cosine + alpha)
    case .warmup(let initial, let target, let steps, let next):
      guard step >= steps else { return initial + (target - initial) * Self.quotient(step, steps, false) }
      return next.rate(at: step &- steps)
    case .function(let function): return function.rate(step)
    }
  }

  /// What the schedule begins with, warmed up; nil where a closure decides.
  package var reference: Double? {
    switch self {
    case .constant(let rate): rate
    case .piecewiseConstant(_, let values): values.first
    case .exponentialDecay(let initial, _, _, _), .inverseTimeDecay(let initial, _, _, _),
      .polynomialDecay(let initial, _, _, _, _), .cosineDecay(let initial, _, _):
      initial
    case .warmup(_, let target, _, _): target
    case .function: nil
    }
  }

  private static func quotient(_ step: Int, _ steps: Int, _ staircase: Bool) -> Double {
    let quotient = Double(step) / Double(steps)
    return staircase ? quotient.rounded(.down) : quotient
  }
}

extension LearningRate: ExpressibleByFloatLiteral, ExpressibleByIntegerLiteral {
  /// The same rate in every step.
  public init(floatLiteral value: Double) { self = .constant(value) }
  /// The same rate in every step.
  public init(integerLiteral value: Int) { self = .constant(Double(value)) }
}

/// A closure that says the learning rate of every step; equal to nothing but itself.
public final class LearningRateFunction: Hashable, Sendable {
  let rate: @Sendable (_ step: Int) -> Double

  /// Wraps `rate`, which takes a step counted from 0.
  public init(_ rate: @escaping @Sendable (_ step: Int) -> Double) { self.rate = rate }

  /// Whether both are one.
  public static func == (left: LearningRateFunction, right: LearningRateFunction) -> Bool { left === right }
  /// Hashes its identity.
  public func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(self)) }
}

extension LearningRate: CustomStringConvertible {
  /// A number, or a name with numbers as in `cosine_decay(0.1, steps=1000, alpha=0.0)`.
  public var description: String {
    switch self {
    case .constant(let rate): "\(rate)"
    case .piecewiseConstant(let boundaries, let values):
      "piecewise_constant(boundaries=\(boundaries), values=\(values))"
    case .exponentialDecay(let initial, let steps, let rate, let staircase):
      "exponential_decay(\(initial), steps=\(steps), rate=\(rate), staircase=\(staircase))"
    case .inverseTimeDecay(let initial, let steps, let rate, let staircase):
      "inverse_time_decay(\(initial), steps=\(steps), rate=\(rate), staircase=\(staircase))"
    case .polynomialDecay(let initial, let steps, let end, let power, let cycles):
      "polynomial_decay(\(initial), steps=\(steps), end=\(end), power=\(power), cycle=\(cycles))"
    case .cosineDecay(let initial, let steps, let alpha):
      "cosine_decay(\(initial), steps=\(steps), alpha=\(alpha))"
    case .warmup(let initial, let target, let steps, let next):
      "warmup(\(initial), target=\(target), steps=\(steps), then=\(next))"
    case .function: "function"
    }
  }
}

extension LearningRate {
  /// Refuses schedules that cannot be computed.
  func check() throws(TrainingError) {
    switch self {
    case .constant(let rate): try Settings.check(learningRate: rate)
    case .piecewiseConstant(let boundaries, let values): try Self.check(boundaries, values)
    case .exponentialDecay(let initial, let steps, let rate, _),
      .inverseTimeDecay(let initial, let steps, let rate, _):
      try Self.check(initial, steps)
      try Settings.check(positive: "decay rate", rate)
    case .polynomialDecay(let initial, let steps, let end, let power, _):
      try Self.check(initial, steps)
      try Settings.check("end learning rate", end, in: 0..<1e6)
      try Settings.check(positive: "power", power)
    case .cosineDecay(let initial, let steps, let alpha):
      try Self.check(initial, steps)
      try Settings.check("alpha", alpha, in: 0..<1e6)
    case .warmup(let initial, let target, let steps, let next):
      try Settings.check("warm-up learning rate", initial, in: 0..<1e6)
      try Self.check(target, steps)
      try next.check()
    case .function: break
    }
  }

  private static func check(_ initial: Double, _ steps: Int) throws(TrainingError) {
    try Settings.check(learningRate: initial)
    let most = 1 << 40
    guard (1...most).contains(steps) else {
      throw .setting(
        name: "steps of the learning rate's schedule", expected: "1 to \(most)", found: "\(steps)")
    }
  }

  private static func check(_ boundaries: [Int], _ values: [Double]) throws(TrainingError) {
    guard values.count == boundaries.count + 1 else {
      throw .setting(
        name: "values of the learning rate", expected: "one more than the \(boundaries.count) boundaries",
        found: "\(values.count)")
    }
    for value in values { try Settings.check(learningRate: value) }
    for (first, second) in zip(boundaries, boundaries.dropFirst()) where first >= second {
      throw .setting(
        name: "boundaries of the learning rate", expected: "each larger than the one before",
        found: "\(second) after \(first)")
    }
  }
}
