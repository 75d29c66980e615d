import ModelZoo

/// What `zoo train` lets one choose about training layers of the backbone, too.
struct FineTuningArguments {
  private let layers = Option.optional(
    "unfreeze", value: "LAYERS", .text,
    help:
      "train layers of the backbone, too: a layer and all behind it, as conv5_block3_1_conv; all that match, as \"block5_*\"; or all"
  )
  private let blocks = Option.optional(
    "unfreeze-blocks", value: "N", .integer(in: 1...1000),
    help:
      "train the last N blocks of the backbone, too, as its layers are called, such as block_16; how many parameters that is, is said"
  )
  private let headEpochs = Option.optional(
    "head-epochs", value: "N", .integer(in: 0...100_000),
    help:
      "of --epochs, train the head alone for the first N (default: 0); --early-stopping and --stop-at-accuracy count these, too, and may end the training before the backbone's turn; schedules go on over both stages"
  )
  private let learningRate = Option.optional(
    "backbone-learning-rate", value: "R", .number(in: 1e-12...1e3),
    help:
      "learning rate of the backbone's layers where the head's is --learning-rate; it goes up and down with that (default: that of the head)"
  )
  private let keepsNormalization = Flag(
    "freeze-batch-norm", help: "leave batch normalisations as they are")

  private let momentum = Option.optional(
    "batch-norm-momentum", value: "M", .number(in: 0...1),
    help:
      "how much of the moving averages of the backbone's batch normalisations stays in a step; one of the head says it itself (default: what the network's file says, else 0.99)"
  )

  private let memory = Option.optional(
    "memory", value: "SIZE", .byteCount,
    help:
      "the most memory of a batch's values and gradients, such as 4GB: others are computed again, for the same result (default: what there is)"
  )

  var group: OptionGroup {
    OptionGroup(
      "Fine-tuning", [layers, blocks, headEpochs, learningRate, keepsNormalization, momentum, memory])
  }

  /// What is to be trained of the backbone in `epochs` epochs; nil for nothing.
  func fineTuning(_ arguments: Arguments, epochs: Int?) throws -> FineTuning? {
    if arguments[layers] != nil, arguments[blocks] != nil {
      throw UsageError.conflict("--unfreeze and --unfreeze-blocks: give one of them, not both")
    }
    guard let chosen = chosen(arguments) else {
      if let option = firstGiven(arguments) {
        throw UsageError.conflict("\(option): needs --unfreeze or --unfreeze-blocks; add one of them")
      }
      return nil
    }
    guard let epochs else {
      throw UsageError.conflict("--unfreeze: needs --fit epochs; found --fit lbfgs")
    }
    if let own = arguments[headEpochs], own >= epochs {
      throw UsageError.conflict(
        "--head-epochs: expected fewer than the \(epochs) of --epochs, found \(own); the backbone learns behind them"
      )
    }
    return FineTuning(
      chosen, headEpochs: arguments[headEpochs] ?? 0, learningRate: arguments[learningRate],
      freezesBatchNormalization: arguments[keepsNormalization],
      normalizationMomentum: arguments[momentum], batchMemory: arguments[memory])
  }

  private func chosen(_ arguments: Arguments) -> BackboneLayers? {
    if let count = arguments[blocks] { return .lastBlocks(count) }
    guard let text = arguments[layers] else { return nil }
    if text == "all" { return .all }
    return text.contains { "*?".contains($0) } ? .matching(text) : .from(text)
  }

  private func firstGiven(_ arguments: Arguments) -> String? {
    let given = [
      ("--head-epochs", arguments[headEpochs] != nil),
      ("--backbone-learning-rate", arguments[learningRate] != nil),
      ("--freeze-batch-norm", arguments[keepsNormalization]),
      ("--batch-norm-momentum", arguments[momentum] != nil),
      ("--memory", arguments[memory] != nil),
    ]
    return given.first(where: \.1)?.0
  }
}
