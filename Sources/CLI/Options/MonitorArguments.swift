import ModelZoo
import Reports

/// What `zoo train` lets one choose about what a measured number decides: when training ends, when the learning rate
/// falls.
struct MonitorArguments {
  private let monitor = Option.optional(
    "monitor", value: "NAME", .text,
    help: "the metric that decides, such as val_accuracy (default: val_loss, or loss without validation)")
  private let earlyStopping = Option.optional(
    "early-stopping", value: "EPOCHS", .integer(in: 0...100_000),
    help: "stop after EPOCHS epochs without improvement")
  private let restoreBest = Flag(
    "restore-best", help: "with --early-stopping: restore the head of the best epoch")
  private let baseline = Option.optional(
    "baseline", value: "B", .number(in: -1e9...1e9),
    help: "with --early-stopping: a value that the metric must improve on, too")
  private let firstEpoch = Option.optional(
    "start-from-epoch", value: "EPOCHS", .integer(in: 1...100_000),
    help: "with --early-stopping: ignore the first EPOCHS epochs")
  private let minimumChange = Option.optional(
    "min-delta", value: "D", .number(in: 0...1e9),
    help: "smallest change that is an improvement (default: Keras's)")
  private let plateau = Option.optional(
    "reduce-lr-on-plateau", value: "EPOCHS", .integer(in: 1...100_000),
    help: "lower the learning rate after EPOCHS epochs without improvement")
  private let factor = Option.optional(
    "reduce-lr-factor", value: "F", .number(in: 0.0001...0.9999),
    help: "factor to multiply the learning rate by (default: 0.1)")
  private let cooldown = Option.optional(
    "reduce-lr-cooldown", value: "EPOCHS", .integer(in: 0...100_000),
    help: "epochs to wait after lowering it before counting again (default: 0)")
  private let minimumRate = Option.optional(
    "min-lr", value: "R", .number(in: 0...10), help: "lower bound of the learning rate (default: 0)")
  private let accuracy = Option.optional(
    "stop-at-accuracy", value: "A", .number(in: 0.0001...1),
    help: "stop at this accuracy: of --monitor, or else of the validation if there is one")

  var group: OptionGroup { OptionGroup("Early stopping and plateaus", declarations) }

  var declarations: [any CommandArgument] {
    [
      monitor, earlyStopping, restoreBest, baseline, firstEpoch, minimumChange, plateau, factor, cooldown,
      minimumRate, accuracy,
    ]
  }

  /// The first of these that is given and needs epochs.
  func firstGiven(_ arguments: Arguments) -> String? { deciders(arguments).first(where: \.isGiven)?.name }

  /// The number to watch, which every epoch must measure where something watches it.
  ///
  /// - Parameters:
  ///   - names: what epochs measure.
  ///   - isWatched: whether something else does.
  func watched(_ arguments: Arguments, _ names: [String], isWatched: Bool) throws(UsageError) -> String {
    let watched = arguments[monitor] ?? (names.contains("val_loss") ? "val_loss" : "loss")
    let isWatched = isWatched || arguments[earlyStopping] != nil || arguments[plateau] != nil
    if isWatched { try check(watched, names) }
    if arguments[monitor] != nil, !isWatched, arguments[accuracy] == nil {
      throw .conflict(
        "--monitor: needs --early-stopping, --reduce-lr-on-plateau, --stop-at-accuracy or --checkpoint-best; "
          + "add one of them")
    }
    return watched
  }

  /// The callbacks that were asked for, in the order they shall be called.
  func callbacks(
    _ arguments: Arguments, _ options: EpochOptions, _ names: [String], watching watched: String
  ) throws -> [any TrainingCallback] {
    try check(arguments, options)
    var callbacks: [any TrainingCallback] = []
    if let patience = arguments[plateau] {
      callbacks.append(
        try ReduceLROnPlateau(
          monitor: watched, factor: arguments[factor] ?? 0.1, patience: patience,
          minimumChange: arguments[minimumChange] ?? 1e-4, cooldown: arguments[cooldown] ?? 0,
          minimumRate: arguments[minimumRate] ?? 0))
    }
    if let patience = arguments[earlyStopping] {
      callbacks.append(
        try EarlyStopping(
          monitor: watched, patience: patience, minimumChange: arguments[minimumChange] ?? 0,
          baseline: arguments[baseline], firstEpoch: arguments[firstEpoch] ?? 0,
          restoresBest: arguments[restoreBest]))
    }
    if let wanted = arguments[accuracy] {
      let name = accuracyName(arguments, names)
      try check(name, names)
      callbacks.append(try StopAtAccuracy(wanted, monitor: name))
    }
    return callbacks
  }

  /// The accuracy that ends training: what `--monitor` names, if it is one.
  private func accuracyName(_ arguments: Arguments, _ names: [String]) -> String {
    if let name = arguments[monitor], !name.hasSuffix("loss") { return name }
    return names.contains("val_loss") ? "val_accuracy" : "accuracy"
  }

  /// Refuses, before any image is looked at, a number that no epoch will measure.
  private func check(_ name: String, _ names: [String]) throws(UsageError) {
    guard !Logs.contains(name, in: names) else { return }
    let meant = nearest(to: name, in: names).map { "; did you mean \($0)?" } ?? ""
    let advice =
      name.hasPrefix("val_") && !names.contains("val_loss")
      ? "; give validation images or another name" : meant
    throw .conflict("--monitor: expected one of \(names.joined(separator: ", ")), found \(name)\(advice)")
  }

  private func deciders(_ arguments: Arguments) -> [(name: String, isGiven: Bool)] {
    [
      ("--early-stopping", arguments[earlyStopping] != nil),
      ("--reduce-lr-on-plateau", arguments[plateau] != nil),
      ("--stop-at-accuracy", arguments[accuracy] != nil),
    ]
  }

  /// What means something beside another option alone.
  private func check(_ arguments: Arguments, _ options: EpochOptions) throws(UsageError) {
    let (stops, reduces) = (arguments[earlyStopping] != nil, arguments[plateau] != nil)
    let belongings: [(name: String, isGiven: Bool, isAtHome: Bool, home: String)] = [
      ("--restore-best", arguments[restoreBest], stops, "--early-stopping"),
      ("--baseline", arguments[baseline] != nil, stops, "--early-stopping"),
      ("--start-from-epoch", arguments[firstEpoch] != nil, stops, "--early-stopping"),
      (
        "--min-delta", arguments[minimumChange] != nil, stops || reduces,
        "--early-stopping or --reduce-lr-on-plateau"
      ),
      ("--reduce-lr-factor", arguments[factor] != nil, reduces, "--reduce-lr-on-plateau"),
      ("--reduce-lr-cooldown", arguments[cooldown] != nil, reduces, "--reduce-lr-on-plateau"),
      ("--min-lr", arguments[minimumRate] != nil, reduces, "--reduce-lr-on-plateau"),
    ]
    for (name, isGiven, isAtHome, home) in belongings where isGiven && !isAtHome {
      throw .conflict(
        "\(name): needs \(home); add \(home.contains(" or ") ? "one of them" : "it")")
    }
    if let first = arguments[firstEpoch], first >= options.count {
      throw .conflict("--start-from-epoch: expected fewer than the \(options.count) epochs, found \(first)")
    }
    let rate = options.optimizer.learningRate.rate(at: 0)
    if let least = arguments[minimumRate], least >= rate {
      throw .conflict("--min-lr: expected less than the learning rate \(rate), found \(least)")
    }
  }
}
