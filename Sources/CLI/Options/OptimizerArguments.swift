import ModelZoo

/// What `zoo train` lets one choose about the optimizer and its learning rate.
struct OptimizerArguments {
  private let optimizer = Option.optional(
    "optimizer", value: "NAME", .choice(Optimizer.names),
    help: "optimisation algorithm (default: adam)")
  private let learningRate = Option.optional(
    "learning-rate", value: "R", .number(in: 1e-9...10), help: "learning rate (default: Keras's)")
  private let momentum = Option.optional(
    "momentum", value: "M", .number(in: 0...0.9999), help: "sgd, rmsprop: momentum (default: 0)")
  private let nesterov = Flag("nesterov", help: "sgd with --momentum: use Nesterov momentum")
  private let rho = Option.optional(
    "rho", value: "R", .number(in: 0...0.9999),
    help: "rmsprop: decay of the average of squared gradients (default: 0.9)")
  private let centered = Flag("centered", help: "rmsprop: divide by the estimated variance of the gradients")
  private let amsgrad = Flag("amsgrad", help: "adam, adamw: use the AMSGrad variant")
  private let beta1 = Option.optional(
    "beta-1", value: "B", .number(in: 0...0.999999),
    help: "adam, adamw: decay of the first moment (default: 0.9)")
  private let beta2 = Option.optional(
    "beta-2", value: "B", .number(in: 0...0.999999),
    help: "adam, adamw: decay of the second moment (default: 0.999)")
  private let epsilon = Option.optional(
    "epsilon", value: "E", .number(in: 0...0.999999),
    help: "adam, adamw, adagrad, rmsprop: keeps divisors above 0 (default: 1e-07)")
  private let accumulator = Option.optional(
    "initial-accumulator-value", value: "V", .number(in: 0...1e9),
    help: "adagrad: initial value of the accumulators (default: 0.1)")
  private let weightDecay = Option.optional(
    "weight-decay", value: "D", .number(in: 0...10),
    help:
      "fraction of every weight to subtract in a step, times the learning rate (default: 0.004 with adamw)")
  private let clippedNorm = Option.optional(
    "clipnorm", value: "N", .number(in: 1e-9...1e9), help: "clip the gradient of each parameter to this norm")
  private let clippedValue = Option.optional(
    "clipvalue", value: "V", .number(in: 1e-9...1e9), help: "clip each element of a gradient to -V to V")
  private let clippedGlobalNorm = Option.optional(
    "global-clipnorm", value: "N", .number(in: 1e-9...1e9),
    help: "clip the gradient of all parameters together to this norm")
  private let schedule = ScheduleArguments()

  var groups: [OptionGroup] { [OptionGroup("Optimizer", own), schedule.group] }

  private var own: [any CommandArgument] {
    [
      optimizer, learningRate, momentum, nesterov, rho, centered, beta1, beta2, amsgrad, epsilon, accumulator,
      weightDecay, clippedNorm, clippedValue, clippedGlobalNorm,
    ]
  }

  /// The first of these that is given: none has a meaning without epochs.
  func firstGiven(_ arguments: Arguments) -> String? {
    let given: [(name: String, isGiven: Bool)] = [
      ("--optimizer", arguments[optimizer] != nil), ("--learning-rate", arguments[learningRate] != nil),
      ("--weight-decay", arguments[weightDecay] != nil),
      ("--clipnorm", arguments[clippedNorm] != nil), ("--clipvalue", arguments[clippedValue] != nil),
      ("--global-clipnorm", arguments[clippedGlobalNorm] != nil),
    ]
    return given.first(where: \.isGiven)?.name ?? belongings(arguments).first(where: \.isGiven)?.name
      ?? schedule.firstGiven(arguments)
  }

  func adopt(_ arguments: Arguments, into options: inout EpochOptions) throws {
    options.optimizer = try optimizer(arguments)
    options.schedule = try schedule.schedule(
      arguments, learningRate: options.optimizer.learningRate.rate(at: 0), epochs: options.count)
  }

  private func optimizer(_ arguments: Arguments) throws -> Optimizer {
    var named = try Optimizer(
      named: arguments[optimizer] ?? "adam", learningRate: arguments[learningRate].map { .constant($0) })
    if let decay = arguments[weightDecay] { named.weightDecay = decay }
    named.clipping = try clipping(arguments)
    named.rule = try rule(named, arguments)
    return named
  }

  /// What only some optimizers take, and which.
  private func belongings(_ arguments: Arguments) -> [(name: String, isGiven: Bool, belongs: String)] {
    [
      ("--momentum", arguments[momentum] != nil, "sgd or rmsprop"),
      ("--nesterov", arguments[nesterov], "sgd"),
      ("--rho", arguments[rho] != nil, "rmsprop"), ("--centered", arguments[centered], "rmsprop"),
      ("--beta-1", arguments[beta1] != nil, "adam or adamw"),
      ("--beta-2", arguments[beta2] != nil, "adam or adamw"),
      ("--amsgrad", arguments[amsgrad], "adam or adamw"),
      ("--epsilon", arguments[epsilon] != nil, "adam or adamw or adagrad or rmsprop"),
      ("--initial-accumulator-value", arguments[accumulator] != nil, "adagrad"),
    ]
  }

  private func rule(_ named: Optimizer, _ arguments: Arguments) throws -> Optimizer.Rule {
    let kind = arguments[optimizer] ?? "adam"
    for (name, isGiven, belongs) in belongings(arguments)
    where isGiven && !belongs.split(separator: " ").contains(Substring(kind)) {
      throw UsageError.conflict("\(name): needs --optimizer \(belongs); found --optimizer \(kind)")
    }
    if arguments[nesterov], arguments[momentum] == nil {
      throw UsageError.conflict("--nesterov: needs --momentum; add it")
    }
    switch named.rule {
    case .sgd: return .sgd(momentum: arguments[momentum] ?? 0, nesterov: arguments[nesterov])
    case .adam(let usual1, let usual2, let usual, _):
      return .adam(
        beta1: arguments[beta1] ?? usual1, beta2: arguments[beta2] ?? usual2,
        epsilon: arguments[epsilon] ?? usual, amsgrad: arguments[amsgrad])
    case .adagrad(let initial, let usual):
      return .adagrad(
        initialAccumulator: arguments[accumulator] ?? initial, epsilon: arguments[epsilon] ?? usual)
    case .rmsprop(let usualRho, _, let usual, _):
      return .rmsprop(
        rho: arguments[rho] ?? usualRho, momentum: arguments[momentum] ?? 0,
        epsilon: arguments[epsilon] ?? usual, centered: arguments[centered])
    }
  }

  private func clipping(_ arguments: Arguments) throws -> GradientClipping? {
    let given = [
      arguments[clippedNorm].map { GradientClipping.norm($0) },
      arguments[clippedValue].map { GradientClipping.value($0) },
      arguments[clippedGlobalNorm].map { GradientClipping.globalNorm($0) },
    ].compactMap(\.self)
    guard given.count < 2 else {
      throw UsageError.conflict("--clipnorm, --clipvalue and --global-clipnorm: give one of them")
    }
    return given.first
  }
}
