import ModelZoo

/// `zoo model`
struct ModelCommand: Command {
  private let checkpoint = ModelArguments(checkpoint: "CHECKPOINT")
  private let output = Option.required(
    "output", short: "o", value: "MODEL", .output, help: "where to write the model (.zoo.safetensors)")

  let name = "model"
  let abstract = "make a trained model of a checkpoint"
  let discussion = """
    A checkpoint of zoo train has the head, the labels and the preprocessing, but not the backbone. MODEL has all of it: \
    it is, byte for byte, what zoo train would have written if the training had ended with the checkpoint. A checkpoint of \
    a training with --unfreeze or --unfreeze-blocks becomes no model: it only resumes that training (zoo train --resume), \
    which writes one.
    """
  let example = "zoo model checkpoints/09.checkpoint -o animals.zoo.safetensors"
  var declarations: [any CommandArgument] { [checkpoint.path, checkpoint.backbone, output, Common.json] }

  func run(_ arguments: Arguments, _ console: Console) throws {
    try arguments.refuseOverwriting(checkpoint.files(arguments))
    try KnownEnding.check(arguments[output], contents: "an archive", "safetensors")
    let path = arguments[checkpoint.path]
    let model = try TrainedModel(contentsOf: path, backbone: arguments[checkpoint.backbone])
    console.note(checkpoint: model, at: path)
    guard model.checkpointPlace != nil else { throw ModelZooError.noCheckpoint(archive: path) }
    try arguments.refuseOverwriting([model.backbone.path])
    try model.save(to: arguments[output])
    let view = TrainedModelView(model)
    if arguments[Common.json] {
      console.print(view.json(path: arguments[output], report: nil))
    } else {
      console.print("\(arguments[output]): \(view.sentence)")
    }
  }
}
