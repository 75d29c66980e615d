import Tensors

/// An optimisation algorithm, with Keras's formulas and defaults.
///
/// ```swift
/// let plain = Optimizer.adam()
/// let fancy = Optimizer.sgd(
///   learningRate: .cosineDecay(from: 0.1, steps: 1000), momentum: 0.9, clipping: .globalNorm(1))
/// ```
///
/// Every optimizer takes a `weightDecay`, the part of a parameter (per unit of learning rate) that every step
/// takes away, apart from the gradient (Loshchilov and Hutter, 2019), and a `clipping` of gradients.
public struct Optimizer: Hashable, Sendable {
  /// The formula, with its numbers.
  public enum Rule: Hashable, Sendable {
    /// Gradient descent, with momentum (Polyak) or Nesterov's.
    case sgd(momentum: Double, nesterov: Bool)
    /// Adam (Kingma and Ba, 2015); epsilon beside the square root, bias correction in the step size. AMSGrad
    /// (Reddi et al., 2018) never forgets the largest velocity.
    case adam(beta1: Double, beta2: Double, epsilon: Double, amsgrad: Bool)
    /// Adagrad (Duchi et al., 2011); epsilon under the square root.
    case adagrad(initialAccumulator: Double, epsilon: Double)
    /// RMSprop (Hinton, 2012); epsilon under the square root.
    case rmsprop(rho: Double, momentum: Double, epsilon: Double, centered: Bool)
  }

  /// The formula.
  public var rule: Rule
  /// The learning rate, or its schedule.
  public var learningRate: LearningRate
  /// The part of every parameter that a step takes away, per unit of learning rate; nil for none.
  public var weightDecay: Double?
  /// How large gradients are clipped; nil for not at all.
  public var clipping: GradientClipping?

  /// Gradient descent.
  public static func sgd(
    learningRate: LearningRate = 0.01, momentum: Double = 0, nesterov: Bool = false,
    weightDecay: Double? = nil, clipping: GradientClipping? = nil
  ) -> Optimizer {
    Optimizer(
      rule: .sgd(momentum: momentum, nesterov: nesterov), learningRate: learningRate,
      weightDecay: weightDecay, clipping: clipping)
  }

  /// Adam.
  public static func adam(
    learningRate: LearningRate = 0.001, beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-7,
    amsgrad: Bool = false, weightDecay: Double? = nil, clipping: GradientClipping? = nil
  ) -> Optimizer {
    Optimizer(
      rule: .adam(beta1: beta1, beta2: beta2, epsilon: epsilon, amsgrad: amsgrad),
      learningRate: learningRate, weightDecay: weightDecay, clipping: clipping)
  }

  /// Adam with a weight decay.
  public static func adamW(
    learningRate: LearningRate = 0.001, weightDecay: Double = 0.004, beta1: Double = 0.9,
    beta2: Double = 0.999, epsilon: Double = 1e-7, amsgrad: Bool = false, clipping: GradientClipping? = nil
  ) -> Optimizer {
    adam(
      learningRate: learningRate, beta1: beta1, beta2: beta2, epsilon: epsilon, amsgrad: amsgrad,
      weightDecay: weightDecay, clipping: clipping)
  }

  /// Adagrad.
  public static func adagrad(
    learningRate: LearningRate = 0.001, initialAccumulator: Double = 0.1, epsilon: Double = 1e-7,
    weightDecay: Double? = nil, clipping: GradientClipping? = nil
  ) -> Optimizer {
    Optimizer(
      rule: .adagrad(initialAccumulator: initialAccumulator, epsilon: epsilon), learningRate: learningRate,
      weightDecay: weightDecay, clipping: clipping)
  }

  /// RMSprop.
  public static func rmsprop(
    learningRate: LearningRate = 0.001, rho: Double = 0.9, momentum: Double = 0, epsilon: Double = 1e-7,
    centered: Bool = false, weightDecay: Double? = nil, clipping: GradientClipping? = nil
  ) -> Optimizer {
    Optimizer(
      rule: .rmsprop(rho: rho, momentum: momentum, epsilon: epsilon, centered: centered),
      learningRate: learningRate, weightDecay: weightDecay, clipping: clipping)
  }
}

/// How large gradients are clipped before the optimizer uses them; one of Keras's three ways.
public enum GradientClipping: Hashable, Sendable {
  /// Every element stays within plus and minus this: `clipvalue`.
  case value(Double)
  /// The gradient of every parameter keeps its direction and is no longer than this: `clipnorm`.
  case norm(Double)
  /// All gradients together, as one vector, are no longer than this: `global_clipnorm`.
  case globalNorm(Double)

  /// The number, and Keras's name for it.
  var limit: (name: String, value: Double) {
    switch self {
    case .value(let value): ("clipvalue", value)
    case .norm(let value): ("clipnorm", value)
    case .globalNorm(let value): ("global_clipnorm", value)
    }
  }
}
