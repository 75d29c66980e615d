import ModelZoo
import Reports

/// `zoo features`
struct FeaturesCommand: Command {
  private let archive = Argument.required("ARCHIVE", help: "an archive written by zoo convert")
  private let pictures = Argument.list(
    "IMAGE|FOLDER", help: "pictures, folders of pictures, or manifests (.csv, .jsonl)")
  private let output = Option.required(
    "output", short: "o", value: "OUT", .output, help: "where to write: a name ending in .npy or .safetensors"
  )
  private let backbone = BackboneParameters()
  private let listing = PictureParameters()
  private let extraction = ExtractionParameters()

  let name = "features"
  let abstract = "compute the features of pictures with a frozen backbone"
  let discussion = """
    Rows come in the order of the arguments. With .npy the file names are written beside the array, to \
    OUT.npy.csv; with .safetensors they are inside. One folder with a sub-folder per class, or one manifest, also gives labels. \
    The rows are the same bits for any number of threads and any batch size.
    """
  let example = "zoo features backbone.zoo.safetensors photos --pool avg -o features.npy"
  let essentials = ["output", "layer", "pool", "size", "interpolation", "preprocessing", "batch", "json"]
  var groups: [OptionGroup] {
    [
      OptionGroup("Result", [output, Common.seed, Common.json]), backbone.group, listing.group,
      extraction.group,
    ]
  }
  var parameters: [any Parameter] { [archive, pictures] + groups.flatMap(\.parameters) }

  func run(_ arguments: Arguments, _ console: Console) throws {
    try arguments.refuseOverwriting(
      [arguments[archive]] + arguments[pictures], by: arguments[output])
    let list = try listing.list(arguments[pictures], arguments, console)
    let backbone = try Backbone(
      contentsOf: arguments[archive], options: backbone.options(arguments),
      threads: arguments[Common.threads], pictures: list.items.count)
    for warning in backbone.warnings { console.warn(warning) }
    for notice in backbone.notices { console.note(FlagHint.sentence(of: notice)) }
    let summary = try extraction.withOptions(arguments, console, total: list.items.count) { options in
      try backbone.writeFeatures(of: list, to: arguments[output], options: options).wait()
    }
    console.list(skipped: summary.skipped)
    report(arguments, console, backbone, summary)
  }

  private func report(
    _ arguments: Arguments, _ console: Console, _ backbone: Backbone, _ summary: ExtractionSummary
  ) {
    let (rows, skipped) = (summary.rows, summary.skipped)
    let shape = TensorShape([rows.files.count] + backbone.featureShape.dimensions)
    guard arguments[Common.json] else {
      console.print("\(arguments[output]): features \(shape) of \(counted(rows.files.count, "image"))")
      return
    }
    console.print([
      "output": .string(arguments[output]), "shape": .array(shape.dimensions.map(JSON.integer)),
      "entry": .string(backbone.identifier), "classes": .array(rows.classNames.map(JSON.string)),
      "skipped": .array(skipped.map { ["path": .string($0.path), "reason": .string($0.error.description)] }),
    ])
  }
}
