import ModelZoo
import Reports

/// `zoo evaluate`
struct EvaluateCommand: Command {
  private let model = Argument.required("MODEL", help: "a trained model, or a whole model from zoo convert")
  private let images = Argument.required(
    "FOLDER|FILE", help: "images: a folder with one sub-folder per class, or a manifest (.csv, .tsv, .jsonl)")
  private let metrics = Common.metrics
  private let listing = ImageArguments()
  private let extraction = ExtractionArguments()

  let name = "evaluate"
  let abstract = "evaluate a trained model on images whose classes are known"
  let discussion = """
    Prints the loss that the head was trained with and the metrics, then the confusion matrix: one row per class, with \
    the number of its images that were predicted as each class. The classes are the model's; other sub-folders are \
    ignored.
    """
  let example = """
    zoo evaluate animals.zoo.safetensors photographs
    zoo evaluate animals.zoo.safetensors animals --validation-split 0.2 --subset validation --seed 1
    """
  let essentials = ["metrics", "validation-split", "subset", "seed", "json", "batch", "on-bad-image"]
  var groups: [OptionGroup] {
    [
      OptionGroup("Result", [metrics, Common.seed, Common.exact, Common.json]), listing.group,
      extraction.group,
    ]
  }
  var declarations: [any CommandArgument] { [model, images] + groups.flatMap(\.declarations) }

  func run(_ arguments: Arguments, _ console: Console) throws {
    let metrics = try arguments.metrics
    let model = try TrainedModel(
      contentsOf: arguments[model], threads: arguments[Common.threads], isExact: arguments[Common.exact])
    let dataset = try listing.dataset(arguments[images], arguments, console, classes: model.labels)
    console.note(dataset.foundLine)
    let evaluation = try extraction.withOptions(arguments, console, total: dataset.items.count) {
      try model.startEvaluation(on: dataset, metrics: metrics, extraction: $0).wait()
    }
    console.list(skipped: evaluation.skipped)
    let report = ClassReport(evaluation.confusion)
    if arguments[Common.json] {
      console.print(json(evaluation, report, model.labels))
      return
    }
    console.print(
      evaluation.logs.entries.map { "\($0.name): \(EpochPrinter.format($0.value))" }.joined(separator: " - "))
    console.print()
    console.print(Self.table(report, evaluation.confusion, model.labels))
  }

  /// Precision and recall of every class, and, where there is room, the confusion matrix.
  private static func table(_ report: ClassReport, _ confusion: ConfusionMatrix, _ labels: [String]) -> Table
  {
    let isShown = labels.count <= 12
    let taken = isShown ? labels.map { Table.Column("as \($0)", .trailing) } : []
    var table = Table(ClassReport.columns + taken)
    for (index, row) in report.rows(labels).enumerated() {
      let counts = isShown && index < labels.count ? confusion.counts[index].map(\.grouped) : []
      table.append(row + counts + taken.dropFirst(counts.count).map { _ in "" })
    }
    return table
  }

  private func json(_ evaluation: Evaluation, _ report: ClassReport, _ labels: [String]) -> JSON {
    let logs = evaluation.logs.entries.map { (name: $0.name, value: JSON.number($0.value)) }
    let classes = zip(labels, report.classes).map { label, row -> JSON in
      [
        "label": .string(label), "precision": .number(row.precision), "recall": .number(row.recall),
        "f1": .number(row.f1), "images": .integer(row.support),
      ]
    }
    let counts = evaluation.confusion.counts.map { JSON.array($0.map(JSON.integer)) }
    return [
      "measures": .object(logs), "classes": .array(classes), "confusion": .array(counts),
      "skipped": .array(evaluation.skipped.map { .string($0.path) }),
    ]
  }
}
