import ModelZoo

/// What `zoo train` lets one choose about the optimizer and its learning rate.
struct OptimizerParameters {
  private let optimizer = Option.optional(
    "optimizer", value: "NAME", .choice(Optimizer.names),
    help: "how parameters follow their gradients (default: adam)")
  private let learningRate = Option.optional(
    "learning-rate", value: "R", .number(in: 1e-9...10), help: "the optimizer's step (default: Keras's)")
  private let momentum = Option.optional(
    "momentum", value: "M", .number(in: 0...0.9999), help: "momentum of sgd and rmsprop (default: 0)")
  private let nesterov = Flag("nesterov", help: "with --momentum: Nesterov's, of sgd")
  private let rho = Option.optional(
    "rho", value: "R", .number(in: 0...0.9999), help: "how slowly rmsprop forgets (default: 0.9)")
  private let centered = Flag("centered", help: "rmsprop by the gradients' variance")
  private let amsgrad = Flag("amsgrad", help: "adam and adamw that remember the largest velocity")
  private let weightDecay = Option.optional(
    "weight-decay", value: "D", .number(in: 0...10),
    help: "what a step takes off every weight, times the learning rate (default: 0.004 with adamw)")
  private let clippedNorm = Option.optional(
    "clipnorm", value: "N", .number(in: 1e-9...1e9), help: "longest gradient of a parameter")
  private let clippedValue = Option.optional(
    "clipvalue", value: "V", .number(in: 1e-9...1e9), help: "largest element of a gradient")
  private let clippedGlobalNorm = Option.optional(
    "global-clipnorm", value: "N", .number(in: 1e-9...1e9), help: "longest gradient of all parameters")
  private let schedule = ScheduleParameters()

  var parameters: [any Parameter] {
    [
      optimizer, learningRate, momentum, nesterov, rho, centered, amsgrad, weightDecay, clippedNorm,
      clippedValue, clippedGlobalNorm,
    ] + schedule.parameters
  }

  /// The first of these that is given: none has a meaning without epochs.
  func firstGiven(_ arguments: Arguments) -> String? {
    let given: [(name: String, isGiven: Bool)] = [
      ("--optimizer", arguments[optimizer] != nil), ("--learning-rate", arguments[learningRate] != nil),
      ("--momentum", arguments[momentum] != nil), ("--nesterov", arguments[nesterov]),
      ("--rho", arguments[rho] != nil), ("--centered", arguments[centered]),
      ("--amsgrad", arguments[amsgrad]), ("--weight-decay", arguments[weightDecay] != nil),
      ("--clipnorm", arguments[clippedNorm] != nil), ("--clipvalue", arguments[clippedValue] != nil),
      ("--global-clipnorm", arguments[clippedGlobalNorm] != nil),
    ]
    return given.first(where: \.isGiven)?.name ?? schedule.firstGiven(arguments)
  }

  func adopt(_ arguments: Arguments, into options: inout TrainingOptions) throws {
    options.optimizer = try optimizer(arguments)
    options.schedule = try schedule.schedule(
      arguments, learningRate: options.optimizer.learningRate.rate(at: 0), epochs: options.epochs)
  }

  private func optimizer(_ arguments: Arguments) throws -> Optimizer {
    var named = try Optimizer(
      named: arguments[optimizer] ?? "adam", learningRate: arguments[learningRate].map { .constant($0) })
    if let decay = arguments[weightDecay] { named.weightDecay = decay }
    named.clipping = try clipping(arguments)
    named.rule = try rule(named, arguments)
    return named
  }

  private func rule(_ named: Optimizer, _ arguments: Arguments) throws -> Optimizer.Rule {
    let given: [(name: String, isGiven: Bool, belongs: String)] = [
      ("--momentum", arguments[momentum] != nil, "sgd or rmsprop"),
      ("--nesterov", arguments[nesterov], "sgd"),
      ("--rho", arguments[rho] != nil, "rmsprop"), ("--centered", arguments[centered], "rmsprop"),
      ("--amsgrad", arguments[amsgrad], "adam or adamw"),
    ]
    let kind = arguments[optimizer] ?? "adam"
    for (name, isGiven, belongs) in given
    where isGiven && !belongs.split(separator: " ").contains(Substring(kind)) {
      throw UsageError.conflict("\(name): belongs to --optimizer \(belongs); found --optimizer \(kind)")
    }
    if arguments[nesterov], arguments[momentum] == nil {
      throw UsageError.conflict("--nesterov: belongs to --momentum; give it, too")
    }
    switch named.rule {
    case .sgd: return .sgd(momentum: arguments[momentum] ?? 0, nesterov: arguments[nesterov])
    case .adam(let beta1, let beta2, let epsilon, _):
      return .adam(beta1: beta1, beta2: beta2, epsilon: epsilon, amsgrad: arguments[amsgrad])
    case .adagrad: return named.rule
    case .rmsprop(let usual, _, let epsilon, _):
      return .rmsprop(
        rho: arguments[rho] ?? usual, momentum: arguments[momentum] ?? 0, epsilon: epsilon,
        centered: arguments[centered])
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
