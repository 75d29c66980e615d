import ModelZoo
import Reports

/// The options of `zoo train` for callbacks, logs and checkpoints.
struct CallbackArguments {
  private let monitoring = MonitorArguments()
  private let table = Option.optional(
    "csv-log", value: "FILE", .output, help: "write the metrics of every epoch, as Keras's CSVLogger")
  private let board = Option.optional(
    "tensorboard", value: "DIR", .outputFolder,
    help:
      "write event files for TensorBoard: metrics, histograms of the head's parameters, misclassified images")

  let checkpoints = CheckpointArguments()
  private let verbose = Option.optional(
    "verbose", value: "N", .integer(in: 0...2),
    help:
      "progress as Keras prints it: 0 none, 1 a bar, 2 one line per epoch (default: 2, with a live view on a terminal)"
  )

  var groups: [OptionGroup] {
    [
      monitoring.group,
      OptionGroup("Logs and checkpoints", [verbose, table, board] + checkpoints.declarations),
    ]
  }

  /// Puts the callbacks that were asked for into `options`, in the order they are called, and the checkpoint to resume
  /// from.
  ///
  /// - Parameters:
  ///   - validates: whether epochs are validated.
  ///   - output: the model that will be written.
  ///   - inputs: files that no log or checkpoint may take the place of.
  ///   - write: takes what epochs have to say, as `EpochPrinter` writes it.
  func adopt(
    _ arguments: Arguments, into options: inout TrainingOptions, validates: Bool, output: String,
    inputs: [String], _ console: Console, _ write: @escaping @Sendable (String) -> Void
  ) throws {
    let names = Logs.names(options.metrics, validates: validates)
    guard var epochs = options.epochs else {
      if let name = firstGiven(arguments) {
        throw UsageError.conflict("\(name): needs --fit epochs; found --fit lbfgs")
      }
      let watched = try monitoring.watched(arguments, names, isWatched: checkpoints.keepsBest(arguments))
      _ = try monitoring.callbacks(arguments, EpochOptions(), names, watching: watched)
      return try checkpoints.refuseWithoutEpochs(arguments)
    }
    try adopt(arguments, into: &epochs, names, output: output, inputs: inputs, console)
    if arguments[verbose] == nil, console.showsLiveLines {
      epochs.callbacks.insert(TrainingView(console), at: 0)
    }
    let surface = console.surface(asNote: arguments[Common.json])
    if let verbosity = EpochPrinter.Verbosity(rawValue: arguments[verbose] ?? 2) {
      epochs.callbacks.insert(EpochPrinter(verbosity, on: surface, writing: write), at: 0)
    }
    epochs.checkpoint = try checkpoints.former(arguments, console)
    options.fit = .epochs(epochs)
  }

  private func adopt(
    _ arguments: Arguments, into options: inout EpochOptions, _ names: [String], output: String,
    inputs: [String], _ console: Console
  ) throws {
    let watched = try monitoring.watched(arguments, names, isWatched: checkpoints.keepsBest(arguments))
    options.callbacks = try monitoring.callbacks(arguments, options, names, watching: watched)
    if let path = arguments[table] {
      try KnownEnding.check(path, of: "--csv-log", contents: "CSV", "csv", "txt")
      let files = inputs + checkpoints.files(arguments) + [output]
      try arguments.refuseOverwriting(files, by: path, option: "--csv-log")
      try AtomicFile.checkWritable(path)
      options.callbacks.append(CSVLogger(path))
    }
    if let folder = arguments[board] {
      try OutputFolder.makeWritable(folder)
      options.callbacks.append(TensorBoard(folder, histogramFrequency: 1))
    }
    try checkpoints.adopt(
      arguments, into: &options, monitor: watched, output: output, inputs: inputs, console)
  }

  private func firstGiven(_ arguments: Arguments) -> String? {
    let given: [(name: String, isGiven: Bool)] = [
      ("--csv-log", arguments[table] != nil), ("--tensorboard", arguments[board] != nil),
      ("--verbose", arguments[verbose] != nil),
    ]
    return monitoring.firstGiven(arguments) ?? given.first(where: \.isGiven)?.name
  }
}
