import ModelZoo

/// What `zoo train` lets one choose about how the learning rate changes, in epochs.
struct ScheduleArguments {
  private let schedule = Option.optional(
    "schedule", value: "NAME", .choice(["cosine", "exponential", "step", "inverse-time", "polynomial"]),
    help: "how the learning rate decays over the epochs (default: constant)")
  private let decayRate = Option.optional(
    "decay-rate", value: "R", .number(in: 1e-6...1e6),
    help: "exponential, step: factor every --decay-epochs; inverse-time: slope (default: 0.1)")
  private let decayEpochs = Option.optional(
    "decay-epochs", value: "N", .integer(in: 1...100_000),
    help: "epochs of one decay (default: all; a third of them for step)")
  private let final = Option.optional(
    "final-learning-rate", value: "R", .number(in: 0...10),
    help: "cosine, polynomial: the final learning rate (default: 0)")
  private let power = Option.optional(
    "decay-power", value: "P", .number(in: 1e-6...1e6),
    help: "polynomial: exponent, Keras's power (default: 1)")
  private let cycle = Flag(
    "decay-cycle", help: "polynomial: restart after --decay-epochs, longer each time; Keras's cycle")
  private let warmup = Option.optional(
    "warmup-epochs", value: "N", .integer(in: 1...100_000),
    help: "raise the learning rate from 0 in the first N epochs")

  var group: OptionGroup { OptionGroup("Learning-rate schedule", declarations) }

  var declarations: [any CommandArgument] { [schedule, decayRate, decayEpochs, final, power, cycle, warmup] }

  /// The first of these that is given.
  func firstGiven(_ arguments: Arguments) -> String? {
    if arguments[schedule] != nil { return "--schedule" }
    return belongings(arguments).first(where: \.isGiven)?.name
      ?? (arguments[warmup] == nil ? nil : "--warmup-epochs")
  }

  /// The schedule for so many steps an epoch; nil for none.
  func schedule(_ arguments: Arguments, learningRate: Double, epochs: Int) throws
    -> (@Sendable (Int) -> LearningRate)?
  {
    try check(arguments, learningRate: learningRate, epochs: epochs)
    let (name, warmupEpochs) = (arguments[schedule], arguments[warmup])
    guard name != nil || warmupEpochs != nil else { return nil }
    let left = epochs - (warmupEpochs ?? 0)
    let decay = arguments[decayEpochs] ?? (name == "step" ? max(1, (left + 2) / 3) : left)
    let (rate, end) = (arguments[decayRate] ?? 0.1, arguments[final] ?? 0)
    let (power, cycles) = (arguments[power] ?? 1, arguments[cycle])
    return { steps in
      let falling: LearningRate =
        name == "polynomial"
        ? .polynomialDecay(from: learningRate, steps: decay * steps, to: end, power: power, cycles: cycles)
        : Self.decay(name, from: learningRate, steps: decay * steps, rate: rate, to: end)
      guard let warmupEpochs else { return falling }
      return .warmup(to: learningRate, steps: warmupEpochs * steps, then: falling)
    }
  }

  private static func decay(_ name: String?, from initial: Double, steps: Int, rate: Double, to end: Double)
    -> LearningRate
  {
    switch name {
    case "cosine": .cosineDecay(from: initial, steps: steps, alpha: end / initial)
    case "exponential": .exponentialDecay(from: initial, steps: steps, rate: rate)
    case "step": .exponentialDecay(from: initial, steps: steps, rate: rate, staircase: true)
    case "inverse-time": .inverseTimeDecay(from: initial, steps: steps, rate: rate)
    default: .constant(initial)
    }
  }

  /// What only some schedules take, and which.
  private func belongings(_ arguments: Arguments) -> [(name: String, isGiven: Bool, schedules: [String])] {
    [
      ("--decay-rate", arguments[decayRate] != nil, ["exponential", "step", "inverse-time"]),
      (
        "--decay-epochs", arguments[decayEpochs] != nil,
        ["cosine", "exponential", "step", "inverse-time", "polynomial"]
      ),
      ("--final-learning-rate", arguments[final] != nil, ["cosine", "polynomial"]),
      ("--decay-power", arguments[power] != nil, ["polynomial"]),
      ("--decay-cycle", arguments[cycle], ["polynomial"]),
    ]
  }

  private func check(_ arguments: Arguments, learningRate: Double, epochs: Int) throws {
    let name = arguments[schedule]
    for (option, isGiven, schedules) in belongings(arguments)
    where isGiven && !schedules.contains(name ?? "") {
      throw UsageError.conflict(
        "\(option): needs --schedule \(schedules.joined(separator: " or ")); found "
          + (name.map { "--schedule \($0)" } ?? "none"))
    }
    if arguments[cycle], arguments[decayEpochs] == nil {
      throw UsageError.conflict("--decay-cycle: needs --decay-epochs; add it")
    }
    if let warmupEpochs = arguments[warmup], warmupEpochs >= epochs {
      throw UsageError.conflict(
        "--warmup-epochs: expected fewer than the \(epochs) epochs, found \(warmupEpochs)")
    }
    if let end = arguments[final], end >= learningRate {
      throw UsageError.conflict(
        "--final-learning-rate: expected less than the learning rate \(learningRate), found \(end)")
    }
  }
}
