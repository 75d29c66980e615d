import Encoding
import Tensors

extension Optimizer {
  /// Keras's names.
  public static let names = ["sgd", "adam", "adamw", "adagrad", "rmsprop"]

  /// Keras's name: Adam with a weight decay is `adamw`.
  public var name: String {
    if case .adam = rule, weightDecay != nil { "adamw" } else { ruleName }
  }

  private var ruleName: String {
    switch rule {
    case .sgd: "sgd"
    case .adam: "adam"
    case .adagrad: "adagrad"
    case .rmsprop: "rmsprop"
    }
  }

  /// The optimizer called `name` with Keras's defaults, at `learningRate` when one is given.
  public init(named name: String, learningRate: LearningRate? = nil) throws(TrainingError) {
    switch name.lowercased() {
    case "sgd": self = .sgd()
    case "adam": self = .adam()
    case "adamw": self = .adamW()
    case "adagrad": self = .adagrad()
    case "rmsprop": self = .rmsprop()
    default:
      let nearest = Encoding.nearest(to: name, in: Self.names)
      throw .setting(
        name: "optimizer", expected: "one of \(Self.names.joined(separator: ", "))",
        found: "'\(name)'" + (nearest.map { "; did you mean \($0)?" } ?? ""))
    }
    if let learningRate { self.learningRate = learningRate }
  }

  /// Refuses numbers no training could use.
  package func check() throws(TrainingError) {
    try learningRate.check()
    if let weightDecay { try Settings.check("weight decay", weightDecay, in: 0..<1e6) }
    if let limit = clipping?.limit { try Settings.check(positive: limit.name, limit.value) }
    switch rule {
    case .sgd(let momentum, _): try Settings.check("momentum", momentum, in: 0..<1)
    case .adam(let beta1, let beta2, let epsilon, _):
      try Settings.check("beta1", beta1, in: 0..<1)
      try Settings.check("beta2", beta2, in: 0..<1)
      try Settings.check("epsilon", epsilon, in: 0..<1)
    case .adagrad(let initial, let epsilon):
      try Settings.check("initial accumulator", initial, in: 0..<1e30)
      try Settings.check("epsilon", epsilon, in: 0..<1)
    case .rmsprop(let rho, let momentum, let epsilon, _):
      try Settings.check("rho", rho, in: 0..<1)
      try Settings.check("momentum", momentum, in: 0..<1)
      try Settings.check("epsilon", epsilon, in: 0..<1)
    }
  }
}

extension Optimizer: CustomStringConvertible {
  /// The name and every number, as in `sgd(learning_rate=0.01, momentum=0.9, nesterov=true)`: two optimizers
  /// that do the same have the same text, unless a closure decides their learning rate.
  public var description: String {
    var numbers = ["learning_rate=\(learningRate)"] + ruleNumbers
    if let weightDecay { numbers.append("weight_decay=\(weightDecay)") }
    if let writtenClipping { numbers.append(writtenClipping) }
    return "\(name)(\(numbers.joined(separator: ", ")))"
  }

  /// The formula alone: `sgd(momentum=0.9, nesterov=true)`.
  var writtenRule: String { "\(ruleName)(\(ruleNumbers.joined(separator: ", ")))" }

  /// How gradients are clipped: `clipnorm=1.0`; nil for not at all.
  var writtenClipping: String? { clipping.map { "\($0.limit.name)=\($0.limit.value)" } }

  private var ruleNumbers: [String] {
    switch rule {
    case .sgd(let momentum, let nesterov): ["momentum=\(momentum)", "nesterov=\(nesterov)"]
    case .adam(let beta1, let beta2, let epsilon, let amsgrad):
      ["beta_1=\(beta1)", "beta_2=\(beta2)", "epsilon=\(epsilon)", "amsgrad=\(amsgrad)"]
    case .adagrad(let initial, let epsilon):
      ["initial_accumulator_value=\(initial)", "epsilon=\(epsilon)"]
    case .rmsprop(let rho, let momentum, let epsilon, let centered):
      ["rho=\(rho)", "momentum=\(momentum)", "epsilon=\(epsilon)", "centered=\(centered)"]
    }
  }
}
