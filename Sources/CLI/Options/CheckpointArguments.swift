import Foundation
import ModelZoo

/// What `zoo train` lets one choose about being interrupted.
struct CheckpointArguments {
  private let checkpoint = Option.optional(
    "checkpoint", value: "FILE", .output,
    help: "write a checkpoint after every epoch; {epoch:02d} and {val_loss:.2f} in FILE are replaced")
  private let interval = Option.optional(
    "checkpoint-every", value: "EPOCHS", .integer(in: 1...100_000),
    help: "write it only after every EPOCHS epochs")
  private let best = Flag("checkpoint-best", help: "write it only after the best epoch so far, by --monitor")
  private let resume = Option.optional(
    "resume", value: "FILE", .text, help: "resume from a checkpoint; all other options must be the same")

  var declarations: [any CommandArgument] { [checkpoint, interval, best, resume] }

  /// The checkpoint to resume from.
  func former(_ arguments: Arguments, _ console: Console) throws -> TrainingCheckpoint? {
    guard let path = arguments[resume] else { return nil }
    let former = try TrainingCheckpoint(contentsOf: path)
    console.note("\(path): resuming after \(former.place)")
    return former
  }

  /// The files that are read and must stay: a checkpoint may be followed by its own run's next one.
  func files(_ arguments: Arguments) -> [String] {
    guard let path = arguments[resume] else { return [] }
    return arguments[checkpoint].map { FileIdentity.areSame($0, path) } == true ? [] : [path]
  }

  /// Whether a training goes on that another run began.
  func resumes(_ arguments: Arguments) -> Bool { arguments[resume] != nil }

  /// Whether the best epoch is looked for.
  func keepsBest(_ arguments: Arguments) -> Bool { arguments[best] }

  /// Has checkpoints written: those that were asked for, and the one on interruption, beside `output`.
  func adopt(
    _ arguments: Arguments, into options: inout EpochOptions, monitor: String, output: String,
    inputs: [String], _ console: Console
  ) throws {
    try check(arguments)
    let saved = Self.place(besides: output, resuming: arguments[resume])
    options.cancellationCheckpoint = saved
    let former = Self.places(besides: output).filter { FileIdentity($0) != nil }
    if arguments[resume] == nil, arguments[checkpoint] == nil, let last = former.last {
      console.warn(
        "\(last): of a training that was interrupted; --resume \(last) goes on with it; it is kept, and an interruption of "
          + "this one is saved in \(saved)")
    }
    if let path = arguments[checkpoint] {
      try KnownEnding.check(path, of: "--checkpoint", contents: "an archive", "safetensors", "ckpt")
      guard !path.hasSuffix("/") else {
        throw UsageError.conflict(
          "--checkpoint: expected the name of a file, found the folder \(path); name a file in it")
      }
      options.callbacks.append(
        try ModelCheckpoint(
          path, monitor: monitor, savesBestOnly: arguments[best], interval: arguments[interval] ?? 1))
      if !path.contains("{") {
        try arguments.refuseOverwriting(inputs + [output], by: path, option: "--checkpoint")
        try OutputFolder.checkWritable(path)
        if !arguments[best] { options.cancellationCheckpoint = path }
      }
    }
  }

  /// Where interruptions are saved: `model.checkpoint`, and beside those of other runs `model.2.checkpoint` and so on.
  private static func places(besides output: String) -> [String] {
    [output + ".checkpoint"] + (2...mostInterruptions).map { "\(output).\($0).checkpoint" }
  }

  private static let mostInterruptions = 99

  /// Where an interruption is saved: in what is resumed, where it is such a place, else where no other run's is.
  private static func place(besides output: String, resuming former: String?) -> String {
    let places = places(besides: output)
    let own = former.flatMap { former in places.first { Arguments.isSame($0, former) } }
    return own ?? places.first { FileIdentity($0) == nil } ?? places[0]
  }

  /// Waits for a training; the first Ctrl-C in its epochs, or while its features go into the cache, ends it after the batch at hand, the
  /// second at once.
  ///
  /// - Parameter warn: told of every warning of the job.
  /// - Throws: `Interruption` for a training that was ended so, and what training throws.
  func wait(
    for job: Job<TrainingEvent, TrainedModel>, _ arguments: Arguments, _ cache: FeatureCache?,
    warn: @escaping @Sendable (String) -> Void
  ) throws -> TrainedModel {
    let saved = Locked<(path: String, place: String)?>(nil)
    if cache != nil { Interruptions.beginDeferral { job.cancel() } }
    defer { Interruptions.endDeferral() }
    do {
      return try job.wait { event in
        switch event {
        case .trainingBegan: Interruptions.beginDeferral { job.cancel() }
        case .warning(let sentence): warn(sentence)
        case .checkpointSaved(let path, let place): saved.value = (path, place)
        case .trainingEnded: Interruptions.endDeferral()
        default: break
        }
      }
    } catch is CancellationError {
      guard let (path, place) = saved.value else {
        throw cache.map { Interruption(keptIn: $0) } ?? Interruption(description: "interrupted")
      }
      throw Interruption(
        description: "interrupted after \(place); saved in \(path); to resume:\n"
          + "  \(command(arguments, path))")
    }
  }

  /// Refuses, for a fit without epochs, the options that need them.
  func refuseWithoutEpochs(_ arguments: Arguments) throws(UsageError) {
    if arguments[checkpoint] != nil || arguments[resume] != nil {
      throw .conflict("--checkpoint and --resume: need --fit epochs; found --fit lbfgs")
    }
    try check(arguments)
  }

  private func check(_ arguments: Arguments) throws(UsageError) {
    if arguments[checkpoint] == nil, arguments[best] || arguments[interval] != nil {
      throw .conflict("--checkpoint-best and --checkpoint-every: need --checkpoint; add it")
    }
  }

  /// The command line that was given, with `--resume path`.
  private func command(_ arguments: Arguments, _ path: String) -> String {
    Arguments.commandLine(arguments.words(leavingOut: resume) + ["--resume", path])
  }

  /// The command line that comes to the same in one go.
  func wholeCommandLine(_ arguments: Arguments) -> String {
    Arguments.commandLine(arguments.words(leavingOut: resume))
  }

  /// Removes the checkpoint that an interruption left beside `output`, once what it was for has been written; one that
  /// was asked for stays.
  func cleanUp(_ arguments: Arguments, output: String) {
    guard let path = arguments[resume],
      Self.places(besides: output).contains(where: { Arguments.isSame(path, $0) }),
      arguments[checkpoint].map({ !Arguments.isSame($0, path) }) ?? true
    else { return }
    try? FileManager.default.removeItem(atPath: path)
  }
}
