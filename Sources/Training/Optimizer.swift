import Tensors

/// How parameters follow their gradients, in Keras's formulas and with Keras's defaults.
public enum Optimizer: Hashable, Sendable {
  /// Gradient descent, with momentum (Polyak) or Nesterov's.
  case sgd(learningRate: Double = 0.01, momentum: Double = 0, nesterov: Bool = false)
  /// Adam (Kingma and Ba, 2015); epsilon beside the square root, bias correction in the step size.
  case adam(
    learningRate: Double = 0.001, beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-7)
  /// RMSprop (Hinton, 2012); epsilon under the square root.
  case rmsprop(
    learningRate: Double = 0.001, rho: Double = 0.9, momentum: Double = 0, epsilon: Double = 1e-7,
    centered: Bool = false)

  /// Keras's name.
  public var name: String {
    switch self {
    case .sgd: "sgd"
    case .adam: "adam"
    case .rmsprop: "rmsprop"
    }
  }

  /// The learning rate training starts with.
  public var learningRate: Double {
    switch self {
    case .sgd(let rate, _, _), .adam(let rate, _, _, _), .rmsprop(let rate, _, _, _, _): rate
    }
  }

  /// The optimizer called `name` with Keras's defaults, at `learningRate` when one is given.
  public init(named name: String, learningRate: Double? = nil) throws(TrainingError) {
    switch name.lowercased() {
    case "sgd": self = .sgd(learningRate: learningRate ?? 0.01)
    case "adam": self = .adam(learningRate: learningRate ?? 0.001)
    case "rmsprop": self = .rmsprop(learningRate: learningRate ?? 0.001)
    default:
      let nearest = Tensors.nearest(to: name, in: ["sgd", "adam", "rmsprop"])
      throw .setting(
        name: "optimizer", expected: "sgd, adam or rmsprop",
        found: "'\(name)'" + (nearest.map { "; did you mean \($0)?" } ?? ""))
    }
  }

  /// Refuses numbers no training could use.
  func check() throws(TrainingError) {
    try Settings.check(learningRate: learningRate)
    switch self {
    case .sgd(_, let momentum, _): try Settings.check("momentum", momentum, in: 0..<1)
    case .adam(_, let beta1, let beta2, let epsilon):
      try Settings.check("beta1", beta1, in: 0..<1)
      try Settings.check("beta2", beta2, in: 0..<1)
      try Settings.check("epsilon", epsilon, in: 0..<1)
    case .rmsprop(_, let rho, let momentum, let epsilon, _):
      try Settings.check("rho", rho, in: 0..<1)
      try Settings.check("momentum", momentum, in: 0..<1)
      try Settings.check("epsilon", epsilon, in: 0..<1)
    }
  }
}
