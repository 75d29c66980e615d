import ModelZoo
import Reports

/// `zoo audit`
struct AuditCommand: Command {
  private let images = Argument.required(
    "FOLDER|FILE",
    help:
      "images: a folder or an archive (.zip, .tar) with one sub-folder per class; or one with train, val and test folders of that kind; or a manifest (.csv, .tsv, .jsonl); or features of them: a file or a folder of shards"
  )
  private let archive = Option.optional(
    "backbone", value: "ARCHIVE", .text,
    help: "an archive written by zoo convert; features need none, and are held to it where it is named")
  private let validation = Option.optional(
    "validation-data", value: "FOLDER|FILE", .text,
    help: "validation images, to look for copies across the parts")
  private let similarity = Option(
    "similarity", value: "S", .number(in: 0...1), default: 0.75,
    help: "cosine similarity of whitened features at which two images are copies")
  private let strangeness = Option(
    "strangeness", value: "Z", .number(in: 0.1...100), default: 1.8,
    help: "standard deviations further from its neighbours than usual at which an image is a stranger")
  private let neighbours = Option(
    "neighbours", value: "N", .integer(in: 1...100), default: 5,
    help: "number of neighbours that are looked at")
  private let folds = Common.folds
  private let report = Option.optional(
    "report", value: "FILE", .output, help: "also write an HTML page with small images of what was found")
  private let table = Option.optional(
    "csv", value: "FILE", .output, help: "also write a table, one line for each image of each finding")
  private let listing = DataArguments()
  private let backbone = BackboneArguments()
  private let extraction = ExtractionArguments()

  let name = "audit"
  let abstract = "find copies, wrong labels and strangers among images"
  let discussion = """
    Prints, the gravest first: images that are copies, byte for byte or nearly, those across the parts of the data set and \
    across classes ahead of the others; images whose class is disputed by a linear discriminant that was fitted without them \
    (confident learning, as in cleanlab); and images that are unlike any class, further from their nearest neighbours than is usual. \
    These are suspicions: nothing is changed or deleted. --json, --csv and --report have all of them.
    """
  let example = """
    zoo audit photographs --backbone backbone.zoo.safetensors --report audit.html --csv audit.csv
    """
  let essentials = [
    "backbone", "validation-data", "similarity", "strangeness", "folds", "seed", "report", "csv", "json",
    "interpolation",
  ]
  var groups: [OptionGroup] {
    [
      OptionGroup(
        "Audit",
        [
          archive, similarity, strangeness, neighbours, folds, Common.seed, report, table, Common.wide,
          Common.json,
        ]), OptionGroup("Data", [validation] + listing.declarations), backbone.group, extraction.group,
    ]
  }
  var declarations: [any CommandArgument] { [images] + groups.flatMap(\.declarations) }

  func run(_ arguments: Arguments, _ console: Console) throws {
    try checkOutputs(arguments)
    let isOfFeatures = FeatureSet.isAt(arguments[images])
    let audit = try isOfFeatures ? auditFeatures(arguments, console) : auditImages(arguments, console)
    extraction.list(skipped: audit.skipped, arguments, console)
    if let path = arguments[table] { try audit.writeCSV(to: path) }
    if let path = arguments[report] {
      try AuditReport(on: audit, command: arguments.commandLine).write(to: path)
    }
    if arguments[Common.json] {
      console.print(audit.document([("report", JSON(arguments[report])), ("csv", JSON(arguments[table]))]))
    } else {
      AuditView(audit).show(on: console)
      for path in [arguments[report], arguments[table]].compactMap(\.self) {
        console.print("\(path): written")
      }
    }
  }

  private func auditImages(_ arguments: Arguments, _ console: Console) throws -> DatasetAudit {
    guard let path = arguments[archive] else {
      throw UsageError.missing(argument: archive.declaration.synopsis, help: archive.declaration.help)
    }
    let sources = DatasetSources(training: arguments[images], validation: arguments[validation])
    let split = try listing.split(sources, arguments, console)
    split.foundLines.forEach { console.note($0) }
    let backbone = try Backbone(
      contentsOf: path, options: backbone.options(arguments),
      threads: arguments[Common.threads])
    let total = split.parts.reduce(0) { $0 + $1.images.items.count }
    return try extraction.withOptions(arguments, console, total: total) { features in
      let job = backbone.startAudit(of: split, options: options(arguments), extraction: features)
      return try extraction.wait(for: job, features, observe: Self.observer(console))
    }
  }

  private func auditFeatures(_ arguments: Arguments, _ console: Console) throws -> DatasetAudit {
    let (path, layer) = (arguments[images], backbone.layerName(arguments))
    let others = listing.declarations + backbone.declarationsOfFeatures + extraction.declarationsOfImages
    for option in others where arguments.isGiven(option) {
      throw UsageError.conflict("\(option.declaration.label): needs images; found features in \(path)")
    }
    let split = try FeatureSplit(
      training: FeatureSet(contentsOf: path, layer: layer),
      validation: arguments[validation].map { try FeatureSet(contentsOf: $0, layer: layer) })
    if let archive = arguments[archive] { _ = try Backbone(contentsOf: archive, of: split.training) }
    let job = split.startAudit(options: options(arguments), threads: arguments[Common.threads])
    return try job.wait(Self.observer(console))
  }

  private static func observer(_ console: Console) -> @Sendable (AuditEvent) -> Void {
    let steps = StepProgress(console)
    return { event in
      switch event {
      case .warning(let sentence): console.warn(sentence)
      case .compared(let comparison, let done, let total):
        steps.show("Comparing for \(comparison.rawValue)", done, of: total, "pair")
      case .judged(let done, let total): steps.show("Judging labels", done, of: total, "step")
      case .features: break
      }
    }
  }

  private func checkOutputs(_ arguments: Arguments) throws {
    try arguments.refuseOverwriting(
      [arguments[archive], arguments[images], arguments[validation]].compactMap(\.self))
    if let path = arguments[report] {
      try KnownEnding.check(path, of: "--report", contents: "an HTML page", "html", "htm")
      try AtomicFile.checkWritable(path)
    }
    if let path = arguments[table] {
      try KnownEnding.check(path, of: "--csv", contents: "a CSV table", "csv")
      try AtomicFile.checkWritable(path)
    }
  }

  private func options(_ arguments: Arguments) -> AuditOptions {
    AuditOptions(
      similarity: Float(arguments[similarity]), strangeness: arguments[strangeness],
      neighbours: arguments[neighbours], folds: arguments[folds],
      seed: UInt64(arguments[Common.seed]))
  }
}
