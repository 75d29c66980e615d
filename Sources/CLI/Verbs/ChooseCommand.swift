import ModelZoo
import Reports

/// `zoo choose`
struct ChooseCommand: Command {
  private let archives = Argument.list("ARCHIVE", help: "the archives to compare, written by zoo convert")
  private let data = Option.required(
    "data", value: "FOLDER|FILE", .text,
    help:
      "images: a folder or an archive (.zip, .tar) with one sub-folder per class; or one with train, val and test folders of that kind, of which the training images count; or a manifest (.csv, .tsv, .jsonl)"
  )
  private let folds = Common.folds
  private let strength = Common.strength
  private let report = Option.optional(
    "report", value: "FILE", .output, help: "also write an HTML page, with accuracy plotted against time")
  private let listing = DataArguments()
  private let backbone = BackboneArguments()
  private let extraction = ExtractionArguments()

  let name = "choose"
  let abstract = "find the backbone that suits your images best"
  let discussion = """
    For each archive, a linear head is cross-validated on the features of the images, on the same folds for all, and the \
    network is timed on this machine. Prints the accuracy with its standard error, macro F1, milliseconds per image, size and \
    the strength that was chosen, the best first; those within one standard error of the best are as good as it, and the \
    fastest of them is named with the command that trains a head on it. Copies of an image, byte for byte, are in one \
    fold. Everything but the times is the same for any number of threads.
    """
  let example = """
    zoo choose --data photographs small.zoo.safetensors large.zoo.safetensors --report choice.html
    """
  let essentials = [
    "data", "folds", "strength", "report", "seed", "json", "size", "interpolation", "batch", "threads",
  ]
  var groups: [OptionGroup] {
    [
      OptionGroup("Comparison", [data, folds, strength, Common.seed, report, Common.wide, Common.json]),
      OptionGroup("Data", listing.declarations), backbone.group, extraction.group,
    ]
  }
  var declarations: [any CommandArgument] { [archives] + groups.flatMap(\.declarations) }

  func run(_ arguments: Arguments, _ console: Console) throws {
    let inputs = arguments[archives] + [arguments[data]]
    try arguments.refuseOverwriting(inputs)
    if let path = arguments[report] {
      try KnownEnding.check(path, of: "--report", contents: "an HTML page", "html", "htm")
      try AtomicFile.checkWritable(path)
    }
    let images = try listing.split(DatasetSources(training: arguments[data]), arguments, console).training
    console.note(images.foundLine)
    let options = try choiceOptions(arguments)
    let total = images.items.count * arguments[archives].count
    let choice = try extraction.withOptions(arguments, console, total: total) { features in
      let job = BackboneChoice.start(
        among: arguments[archives], on: images, options: options, extraction: features)
      let steps = StepProgress(console)
      return try extraction.wait(for: job, features) { event in
        switch event {
        case .warning(let sentence): console.warn(sentence)
        case .fitted(let number, let done, let total):
          steps.show("Fitting heads on \(arguments[archives][number])", done, of: total, "fit")
        case .features, .measured: break
        }
      }
    }
    extraction.list(skipped: choice.skipped, arguments, console)
    let command = try trainingCommand(choice, arguments)
    if let path = arguments[report] { try ChoiceReport(on: choice, command: command).write(to: path) }
    show(choice, command, arguments, console)
  }

  private func choiceOptions(_ arguments: Arguments) throws -> ChoiceOptions {
    ChoiceOptions(
      folds: arguments[folds], fit: LinearFit(strength: arguments[strength] ?? .crossValidated()),
      seed: UInt64(arguments[Common.seed]), backbone: try backbone.options(arguments),
      threads: arguments[Common.threads])
  }

  private func show(
    _ choice: BackboneChoice, _ command: String, _ arguments: Arguments, _ console: Console
  ) {
    if arguments[Common.json] {
      console.print(
        choice.document([("command", .string(command)), ("report", JSON(arguments[report]))]))
      return
    }
    var table = Table(BackboneChoice.columns)
    for row in choice.rows { table.append(row) }
    console.print(table)
    console.print()
    for sentence in [choice.deed, choice.verdict] { console.print("\(sentence).") }
    console.print("This trains such a head on all of these images; measure it on others, by zoo evaluate:")
    console.print(command)
    if let path = arguments[report] { console.print("\(path): report") }
  }

  /// The command that trains the head that was measured, on the backbone of choice, with the same options.
  private func trainingCommand(_ choice: BackboneChoice, _ arguments: Arguments) throws -> String {
    let chosen = choice.cheapest
    let kept = arguments.words(
      leavingOut: [folds, strength, report, Common.wide, Common.json, Common.quiet],
      and: Set(arguments[archives]))
    let head = ["--head", "linear", "--fit", "lbfgs", "--strength", "\(chosen.strength)"]
    return Arguments.commandLine(
      ["train", "--backbone", chosen.archive] + kept + head + ["-o", "MODEL.zoo.safetensors"])
  }
}
