import ModelZoo
import TensorArchive

/// What `zoo train` lets one choose about what goes on beside the epochs.
struct CallbackParameters {
  private let monitor = Option.optional(
    "monitor", value: "NAME", .text,
    help: "the number that decides below, as in val_accuracy (default: val_loss, loss without validation)")
  private let earlyStopping = Option.optional(
    "early-stopping", value: "EPOCHS", .integer(in: 0...100_000),
    help: "stop after so many epochs without improvement")
  private let restoreBest = Flag(
    "restore-best", help: "with --early-stopping: keep the head of the best epoch")
  private let minimumChange = Option.optional(
    "min-delta", value: "D", .number(in: 0...1e9), help: "what counts as an improvement (default: Keras's)")
  private let plateau = Option.optional(
    "reduce-lr-on-plateau", value: "EPOCHS", .integer(in: 1...100_000),
    help: "lower the learning rate after so many epochs without improvement")
  private let factor = Option.optional(
    "reduce-lr-factor", value: "F", .number(in: 0.0001...0.9999),
    help: "what it is multiplied by (default: 0.1)")
  private let accuracy = Option.optional(
    "stop-at-accuracy", value: "A", .number(in: 0.0001...1),
    help: "stop at this accuracy, of the validation if there is one and --monitor says no other")
  private let table = Option.optional(
    "csv-log", value: "FILE", .text, help: "write what every epoch measured, as Keras's CSVLogger does")
  private let board = Option.optional(
    "tensorboard", value: "DIR", .text,
    help: "write event files for TensorBoard: numbers, histograms of the head, mistaken pictures")

  let checkpoints = CheckpointParameters()
  private let verbose = Option.optional(
    "verbose", value: "N", .integer(in: 0...2),
    help:
      "as Keras prints it: 0 nothing, 1 a bar, 2 a line an epoch (default: 2, on a terminal with a live view)"
  )

  var parameters: [any Parameter] {
    [verbose, monitor, earlyStopping, restoreBest, minimumChange, plateau, factor, accuracy, table, board]
      + checkpoints.parameters
  }

  /// Puts the callbacks that were asked for into `options`, in the order they shall be called, and the checkpoint to
  /// go on from.
  ///
  /// - Parameters:
  ///   - output: the model that will be written.
  ///   - inputs: files that no log or checkpoint may take the place of.
  ///   - write: takes what epochs have to say, as it is.
  func adopt(
    _ arguments: Arguments, into options: inout TrainingOptions, output: String, inputs: [String],
    _ console: Console, _ write: @escaping @Sendable (String) -> Void
  ) throws {
    options.callbacks = try callbacks(arguments, options, output: output, inputs: inputs)
    if arguments[verbose] == nil, console.showsLiveLines {
      options.callbacks.insert(TrainingView(console), at: 0)
    }
    if let verbosity = EpochPrinter.Verbosity(rawValue: arguments[verbose] ?? 2) {
      options.callbacks.insert(EpochPrinter(verbosity, writing: write), at: 0)
    }
    options.checkpoint = try checkpoints.former(arguments, console)
  }

  private func callbacks(
    _ arguments: Arguments, _ options: TrainingOptions, output: String, inputs: [String]
  ) throws -> [any TrainingCallback] {
    try check(arguments, options)
    let validates = options.validationData != nil || options.validationSplit > 0
    let watched = arguments[monitor] ?? (validates ? "val_loss" : "loss")
    var callbacks: [any TrainingCallback] = []
    if let patience = arguments[plateau] {
      callbacks.append(
        try ReduceLROnPlateau(
          monitor: watched, factor: arguments[factor] ?? 0.1, patience: patience,
          minimumChange: arguments[minimumChange] ?? 1e-4))
    }
    if let patience = arguments[earlyStopping] {
      callbacks.append(
        EarlyStopping(
          monitor: watched, patience: patience, minimumChange: arguments[minimumChange] ?? 0,
          restoresBest: arguments[restoreBest]))
    }
    if let wanted = arguments[accuracy] {
      callbacks.append(try StopAtAccuracy(wanted, monitor: accuracyName(arguments, validates: validates)))
    }
    if let path = arguments[table] {
      try arguments.refuseOverwriting(inputs + [output], by: path, option: "--csv-log")
      try AtomicFile.checkWritable(path)
      callbacks.append(CSVLogger(path))
    }
    if let folder = arguments[board] {
      try OutputFolder.makeWritable(folder)
      callbacks.append(TensorBoard(folder, histogramFrequency: 1))
    }
    return try callbacks
      + checkpoints.callbacks(arguments, options, monitor: watched, output: output, inputs: inputs)
  }

  /// The accuracy that ends training: what `--monitor` names, if it is one.
  private func accuracyName(_ arguments: Arguments, validates: Bool) -> String {
    if let name = arguments[monitor], !name.hasSuffix("loss") { return name }
    return validates ? "val_accuracy" : "accuracy"
  }

  private func check(_ arguments: Arguments, _ options: TrainingOptions) throws {
    let given: [(name: String, isGiven: Bool)] = [
      ("--early-stopping", arguments[earlyStopping] != nil),
      ("--reduce-lr-on-plateau", arguments[plateau] != nil),
      ("--stop-at-accuracy", arguments[accuracy] != nil), ("--csv-log", arguments[table] != nil),
      ("--tensorboard", arguments[board] != nil), ("--verbose", arguments[verbose] != nil),
    ]
    if options.linearFit != nil, let first = given.first(where: \.isGiven) {
      throw UsageError.conflict("\(first.name): belongs to epochs; --fit lbfgs has none")
    }
    if arguments[restoreBest], arguments[earlyStopping] == nil {
      throw UsageError.conflict("--restore-best: belongs to --early-stopping; give it, too")
    }
    let waits = arguments[earlyStopping] != nil || arguments[plateau] != nil
    if arguments[minimumChange] != nil, !waits {
      throw UsageError.conflict(
        "--min-delta: belongs to --early-stopping or --reduce-lr-on-plateau; give one of them, too")
    }
    if arguments[monitor] != nil, !waits, arguments[accuracy] == nil, !checkpoints.keepsBest(arguments) {
      throw UsageError.conflict(
        "--monitor: belongs to --early-stopping, --reduce-lr-on-plateau, --stop-at-accuracy or --checkpoint-best; "
          + "give one of them, too")
    }
    if arguments[factor] != nil, arguments[plateau] == nil {
      throw UsageError.conflict("--reduce-lr-factor: belongs to --reduce-lr-on-plateau; give it, too")
    }
  }
}
