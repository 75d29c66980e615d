import ModelZoo

/// The model that a verb works with: a trained one, or a checkpoint and the archive that it was trained on.
struct ModelArguments {
  let path: Argument<String>
  let backbone = Option.optional(
    "backbone", value: "ARCHIVE", .text,
    help:
      "of a checkpoint: the archive it was trained on (default: beside the checkpoint, or in the folder above)"
  )

  init() {
    path = Argument.required(
      "MODEL", help: "a trained model, a whole model from zoo convert, or a checkpoint of zoo train")
  }

  /// For a verb that takes checkpoints alone.
  init(checkpoint name: String) { path = Argument.required(name, help: "a checkpoint of zoo train") }

  /// What the command line names.
  func files(_ arguments: Arguments) -> [String] {
    [arguments[path], arguments[backbone]].compactMap(\.self)
  }

  /// Loads the model; says of a checkpoint what it is.
  ///
  /// - Parameter images: how many images there will be in all; nil if unknown.
  func load(_ arguments: Arguments, _ console: Console, images: Int? = nil) throws -> TrainedModel {
    let model = try TrainedModel(
      contentsOf: arguments[path], backbone: arguments[backbone], threads: arguments[Common.threads],
      isExact: arguments.has(Common.exact), interpolation: arguments[Common.interpolation], images: images)
    console.note(checkpoint: model, at: arguments[path])
    if arguments[Common.interpolation] == nil {
      for notice in model.notices { console.note(FlagHint.sentence(of: notice)) }
    }
    return model
  }
}

extension Console {
  /// Says of a model that was loaded from the checkpoint at `path` how far training had come, and what it was trained on.
  func note(checkpoint model: TrainedModel, at path: String) {
    guard let place = model.checkpointPlace else { return }
    note("\(path): a checkpoint after \(place), on \(model.backbone.path)")
  }
}
