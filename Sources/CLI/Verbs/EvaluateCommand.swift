import ModelZoo
import Reports

/// `zoo evaluate`
struct EvaluateCommand: Command {
  private let model = ModelArguments()
  private let images = Argument.required(
    "FOLDER|FILE",
    help:
      "images: a folder or an archive (.zip, .tar) with one sub-folder per class, one with train, val and test folders of that kind, or a manifest (.csv, .tsv, .jsonl); or features of them: a file or a folder of shards"
  )
  private let metrics = Common.metrics
  private let includesLearnt = Flag(
    "include-training-images", help: "also measure images that the model was trained on")
  private let listing = ImageArguments()
  private let extraction = ExtractionArguments()

  let name = "evaluate"
  let abstract = "evaluate a trained model on images whose classes are known"
  let discussion = """
    Prints the loss that the head was trained with and the metrics, then the confusion matrix: one row per class, with \
    the number of its images that were predicted as each class. The classes are the model's; other sub-folders are left \
    out, and classes without images are named. Of a folder with train, val and test folders the test part is used. \
    Images that the model was trained on, which it knows by their bytes, are left out where there are others: what is \
    measured is what was held back. With --subset, all of the part that it names are measured; with another split or \
    seed than those of the training, that is warned of. Of features it cannot be known which images they are of.
    """
  let example = """
    zoo evaluate animals.zoo.safetensors photographs
    zoo evaluate animals.zoo.safetensors animals --validation-split 0.2 --subset validation --seed 1
    """
  let essentials = ["metrics", "validation-split", "subset", "seed", "json", "batch", "on-bad-image"]
  var groups: [OptionGroup] {
    [
      OptionGroup(
        "Result",
        [
          metrics, includesLearnt, Common.wide, model.backbone, Common.interpolation, Common.seed,
          Common.exact,
          Common.json,
        ]),
      listing.group,
      extraction.group,
    ]
  }
  var declarations: [any CommandArgument] { [model.path, images] + groups.flatMap(\.declarations) }

  func run(_ arguments: Arguments, _ console: Console) throws {
    let metrics = try arguments.metrics
    let model = try model.load(arguments, console)
    if FeatureSet.isAt(arguments[images]) {
      return show(try evaluation(of: model, metrics, arguments, console), model, 0, arguments, console)
    }
    let listed = try listing.dataset(arguments[images], arguments, console, classes: model.labels)
    console.note(listed.foundLine)
    let (dataset, learntCount) = try measured(listed, model, arguments, console)
    let evaluation = try extraction.withOptions(arguments, console, total: dataset.items.count) { options in
      try extraction.wait(
        for: model.startEvaluation(on: dataset, metrics: metrics, extraction: options), options)
    }
    show(evaluation, model, learntCount, arguments, console)
  }

  /// What the model measures on features.
  private func evaluation(
    of model: TrainedModel, _ metrics: [Metric], _ arguments: Arguments, _ console: Console
  ) throws -> Evaluation {
    for option in extraction.declarationsOfImages where arguments.isGiven(option) {
      throw UsageError.conflict(
        "\(option.declaration.label): needs images; found features in \(arguments[images])")
    }
    let found = try listing.features(arguments[images], arguments, console)
    let features = try found.selecting(classes: model.labels)
    if features.count < found.count {
      console.note(
        "\((found.count - features.count).grouped) of \(counted(found.count, "row")) are of classes that the model does not know, and left out"
      )
    }
    console.note("Found \(counted(features.count, "row")) belonging to \(model.labels.count) classes.")
    if model.learntImages != nil, !listing.namesPart(arguments) {
      console.warn(
        "features do not say of which images they are; where the model has learnt from some of these, the results are too good "
          + "(--validation-split and --subset name what was held back)")
    } else if let warning = try listing.holdback(arguments).flatMap(model.warning) {
      console.warn(warning)
    }
    return try model.startEvaluation(on: features, metrics: metrics).wait()
  }

  private func show(
    _ evaluation: Evaluation, _ model: TrainedModel, _ learntCount: Int, _ arguments: Arguments,
    _ console: Console
  ) {
    extraction.list(skipped: evaluation.skipped, arguments, console)
    let report = ClassReport(evaluation.confusion)
    if arguments[Common.json] {
      console.print(json(evaluation, report, model.labels, learntCount))
      return
    }
    console.print(
      evaluation.logs.entries.map { "\($0.name): \(EpochPrinter.format($0.value))" }.joined(separator: " - "))
    console.print()
    console.print(Self.table(report, evaluation.confusion, model.labels))
  }

  /// The images to measure: those that were not learnt from, unless the command line names a part or there are no others. And
  /// how many of them were learnt from.
  private func measured(
    _ listed: Dataset, _ model: TrainedModel, _ arguments: Arguments, _ console: Console
  ) throws -> (images: Dataset, learnt: Int) {
    let (learnt, others) = model.parts(of: listed)
    let warning = try listing.holdback(arguments).flatMap(model.warning)
    if let images = model.learntImages, !images.isComplete, !listing.namesPart(arguments) {
      console.warn(
        "the model was trained on features, which do not say of which images they are; where it has learnt from some of these, the "
          + "results are too good (--validation-split and --subset name what was held back)")
      return (listed, learnt.items.count)
    }
    guard !learnt.items.isEmpty else {
      if model.learntImages?.isComplete == false, let warning { console.warn(warning) }
      return (listed, 0)
    }
    let found = "\(learnt.items.count) of the \(counted(listed.items.count, "image")) were learnt from"
    if others.items.isEmpty || arguments[includesLearnt] || listing.namesPart(arguments) {
      let own = warning == nil ? nil : model.learntImages?.holdback
      console.warn(
        "\(found), so the results are too good; \(own.map { "its training held back \($0)" } ?? "measure other images")"
      )
      return (listed, learnt.items.count)
    }
    console.note(
      "\(found); the other \(others.items.count) are measured (\(includesLearnt.declaration.label) for all)")
    return (others, 0)
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

  private func json(
    _ evaluation: Evaluation, _ report: ClassReport, _ labels: [String], _ learntCount: Int
  ) -> JSON {
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
      "learntFrom": .integer(learntCount),
      "skipped": .array(evaluation.skipped.map { .string($0.path) }),
    ]
  }
}
