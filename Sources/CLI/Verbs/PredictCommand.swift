import ModelZoo
import Reports

/// `zoo predict`
struct PredictCommand: Command {
  private let model = ModelArguments()
  private let images = Argument.list(
    "IMAGE|FOLDER",
    help:
      "images, folders or archives (.zip, .tar) of images, or manifests (.csv, .tsv, .jsonl); - for paths on standard input"
  )
  private let top = Option(
    "top", value: "K", .integer(in: 1...1000), default: 3, help: "show the K most likely classes")
  private let csv = Flag("csv", help: "print CSV with the columns file, label, probability and rank")
  private let listing = ImageArguments()
  private let extraction = ExtractionArguments()

  let name = "predict"
  let abstract = "classify images with a trained model"
  let discussion = """
    The model file has everything that is needed: backbone, head, labels, and how images are resized and preprocessed.
    """
  let example = "zoo predict animals.zoo.safetensors cat.jpg dog.jpg --top 2"
  let essentials = ["top", "csv", "json", "batch", "on-bad-image"]
  var groups: [OptionGroup] {
    [
      OptionGroup(
        "Result",
        [top, csv, Common.wide, model.backbone, Common.interpolation, Common.seed, Common.exact, Common.json]),
      listing.group,
      extraction.group,
    ]
  }
  var declarations: [any CommandArgument] { [model.path, images] + groups.flatMap(\.declarations) }

  func run(_ arguments: Arguments, _ console: Console) throws {
    if arguments[csv], arguments[Common.json] {
      throw UsageError.conflict("--csv and --json: give one of them, not both")
    }
    let list = try listing.list(arguments[images], arguments, console)
    let model = try model.load(arguments, console, images: list.items.count)
    let view = PredictionView(
      arguments[Common.json] ? .json : arguments[csv] ? .csv : .table, top: arguments[top], console)
    let skipped = Locked<[SkippedImage]>([])
    try extraction.withOptions(arguments, console, total: list.items.count) { options in
      view.begin(model.labels, list)
      let predictions = model.predictions(of: list, options: options) { event in
        if case .skipped(let image) = event { skipped.update { $0.append(image) } }
      }
      try extraction.wait(for: predictions, options, view.show)
      view.end()
    }
    extraction.list(skipped: skipped.value, arguments, console)
    if let warning = model.backbone.warning(nonFinite: view.nonFiniteCount, of: view.count) {
      console.warn(warning)
    }
  }
}
