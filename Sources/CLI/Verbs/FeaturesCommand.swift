import ModelZoo
import Reports

/// `zoo features`
struct FeaturesCommand: Command {
  private let archive = Argument.required("ARCHIVE", help: "an archive written by zoo convert")
  private let images = Argument.list(
    "IMAGE|FOLDER",
    help:
      "images, folders or archives (.zip, .tar) of images, or manifests (.csv, .tsv, .jsonl); - for paths on standard input"
  )
  private let output = Option.required(
    "output", short: "o", value: "OUT", .output,
    help: "where to write the features: a .npy or .safetensors file; of shards, a folder")
  private let backbone = BackboneArguments(readsSeveralLayers: true)
  private let listing = ImageArguments()
  private let extraction = ExtractionArguments()
  private let shards = ShardArguments()

  let name = "features"
  let abstract = "compute the features of images with a frozen backbone"
  let discussion = """
    Rows are in the order of the arguments. A .npy file gets a table of the file names next to it, OUT.npy.csv; a \
    .safetensors file contains them. If --layer is repeated, the network is run once, and OUT, a .safetensors file, has \
    one tensor for each layer, named after it. One folder with a sub-folder per class, or one manifest, also gives \
    labels. The features are the same, bit for bit, for any number of threads and any batch size.

    Many images are computed in shards, by as many processes or machines as there are: each runs the same command but \
    for --shard. A shard that is finished is not computed again; zoo merge puts them together. Of many archives, \
    --shard-by archive has each process open its own alone.
    """
  let example = """
    zoo features backbone.zoo.safetensors photos --pool avg -o features.npy
    zoo features backbone.zoo.safetensors photos --layer mixed3 --layer mixed7 -o taps.safetensors
    zoo features backbone.zoo.safetensors photos --shard 0/8 -o features
    """
  let essentials = ["output", "layer", "pool", "size", "interpolation", "preprocessing", "batch", "json"]
  var groups: [OptionGroup] {
    [
      OptionGroup("Result", [output, Common.seed, Common.json]), backbone.group, listing.group,
      extraction.group, shards.group,
    ]
  }
  var declarations: [any CommandArgument] { [archive, images] + groups.flatMap(\.declarations) }

  func run(_ arguments: Arguments, _ console: Console) throws {
    let shard = try shards.shard(arguments, console)
    let archives = try shards.archives(arguments[images], listing, arguments, shards: shard?.count)
    for path in [arguments[output], arguments[output] + ".csv"] {
      try arguments.refuseOverwriting([arguments[archive]] + arguments[images], by: path)
    }
    if shard == nil {
      try KnownEnding.checkFeatures(arguments[output])
    } else {
      try refuseFile(arguments[output])
    }
    let names = arguments[output] + ".csv"
    if arguments[output].lowercased().hasSuffix(".npy") {
      try arguments.refuseReplacing(unnamed: names, option: "--output", besides: arguments[output])
    }
    if let archives, let shard { return try compute(shard, of: archives, arguments, console) }
    if let shard, let listed = try listing.listing(arguments[images], arguments) {
      return try compute(shard, of: listed, arguments, console)
    }
    let list = try listing.list(arguments[images], arguments, console)
    let source = try source(arguments, console, images: list.items.count)
    if let shard {
      return try compute(shard, of: list.items.count, source, arguments, console) { options in
        source.write(shard, of: list, to: arguments[output], options: options)
      }
    }
    let summary = try extraction.withOptions(arguments, console, total: list.items.count) { options in
      try extraction.wait(for: source.write(of: list, to: arguments[output], options: options), options)
    }
    extraction.list(skipped: summary.skipped, arguments, console)
    let rows = summary.rows
    if let warning = source.backbone.warning(nonFinite: rows.nonFiniteCount, of: rows.files.count) {
      console.warn(warning)
    }
    report(arguments, console, source, summary)
  }

  /// The folder that `words`, a command line of this verb without a shard, writes shards to.
  ///
  /// - Parameter count: how many there will be.
  func folder(ofShardsBy words: [String], count: Int) throws -> String {
    let arguments = try ArgumentParser.parse(words, allDeclarations)
    try shards.refuse(arguments)
    if arguments[images].contains("-") {
      throw UsageError.conflict(
        "-: standard input is one process's, and a script starts many; list the images first: zoo listing - -o all.jsonl"
      )
    }
    try refuseFile(arguments[output])
    _ = try shards.archives(arguments[images], listing, arguments, shards: count)
    return arguments[output]
  }

  private func refuseFile(_ path: String) throws(UsageError) {
    guard (try? FeatureFile.format(of: path)) != nil else { return }
    throw .conflict(
      "--output: with shards it is a folder; expected a name without an ending, found \(path)")
  }

  /// A shard that reads its own part of a listing alone.
  private func compute(
    _ shard: Shard, of listing: Listing, _ arguments: Arguments, _ console: Console
  ) throws {
    let source = try source(arguments, console, images: listing.count)
    try compute(shard, of: listing.count, source, arguments, console) { options in
      source.write(shard, of: listing, to: arguments[output], options: options)
    }
  }

  /// A shard of archives, which opens its own alone.
  private func compute(
    _ shard: Shard, of archives: ArchiveList, _ arguments: Arguments, _ console: Console
  ) throws {
    let own = archives.paths[shard.images(of: archives.paths.count)]
    try arguments.refuseOverwriting(Array(own))
    let source = try source(arguments, console, images: nil)
    try compute(shard, of: nil, source, arguments, console) { options in
      source.write(shard, of: archives, to: arguments[output], options: options)
    }
  }

  private func compute(
    _ shard: Shard, of count: Int?, _ source: Source, _ arguments: Arguments, _ console: Console,
    _ start: (ExtractionOptions) -> Job<ExtractionEvent, ShardSummary>
  ) throws {
    let total = count.map { shard.images(of: $0).count }
    let summary = try extraction.withOptions(arguments, console, total: total) { options in
      try extraction.wait(for: start(options), options)
    }
    for note in summary.notes {
      if note.isWarning { console.warn(note.sentence) } else { console.note(note.sentence) }
    }
    extraction.list(skippedBecause: summary.skipped.map(\.reason), arguments, console)
    if summary.retriedCount > 0 {
      console.warn(
        "the files of \(counted(summary.retriedCount, "image")) could not be read; the same command tries them again"
      )
    }
    if let warning = source.backbone.warning(nonFinite: summary.nonFiniteCount, of: summary.rowCount) {
      console.warn(warning)
    }
    if arguments[Common.json] {
      console.print(ShardView.json(summary))
    } else {
      console.print(ShardView.sentence(summary))
    }
  }

  /// A backbone that is read at one layer, or at several.
  private enum Source {
    case one(Backbone)
    case several(BackboneTaps)

    var backbone: Backbone {
      switch self {
      case .one(let backbone): backbone
      case .several(let taps): taps.backbone
      }
    }

    func write(
      of list: Dataset, to path: String, options: ExtractionOptions
    ) throws -> Job<ExtractionEvent, ExtractionSummary> {
      switch self {
      case .one(let backbone): try backbone.writeFeatures(of: list, to: path, options: options)
      case .several(let taps): try taps.writeFeatures(of: list, to: path, options: options)
      }
    }

    func write(
      _ shard: Shard, of list: Dataset, to folder: String, options: ExtractionOptions
    ) -> Job<ExtractionEvent, ShardSummary> {
      switch self {
      case .one(let backbone): backbone.writeShard(shard, of: list, to: folder, options: options)
      case .several(let taps): taps.writeShard(shard, of: list, to: folder, options: options)
      }
    }

    func write(
      _ shard: Shard, of listing: Listing, to folder: String, options: ExtractionOptions
    ) -> Job<ExtractionEvent, ShardSummary> {
      switch self {
      case .one(let backbone): backbone.writeShard(shard, of: listing, to: folder, options: options)
      case .several(let taps): taps.writeShard(shard, of: listing, to: folder, options: options)
      }
    }

    func write(
      _ shard: Shard, of archives: ArchiveList, to folder: String, options: ExtractionOptions
    ) -> Job<ExtractionEvent, ShardSummary> {
      switch self {
      case .one(let backbone): backbone.writeShard(shard, of: archives, to: folder, options: options)
      case .several(let taps): taps.writeShard(shard, of: archives, to: folder, options: options)
      }
    }
  }

  /// Says what one should know of it.
  private func source(_ arguments: Arguments, _ console: Console, images: Int?) throws -> Source {
    let (layers, threads) = (backbone.layers(arguments), arguments[Common.threads])
    let options = try backbone.options(arguments)
    let source: Source =
      if layers.count > 1 {
        .several(
          try BackboneTaps(
            contentsOf: arguments[archive], at: layers, options: options, threads: threads, images: images))
      } else {
        .one(
          try Backbone(contentsOf: arguments[archive], options: options, threads: threads, images: images))
      }
    for warning in source.backbone.warnings { console.warn(warning) }
    for notice in source.backbone.notices { console.note(FlagHint.sentence(of: notice)) }
    return source
  }

  private func report(
    _ arguments: Arguments, _ console: Console, _ source: Source, _ summary: ExtractionSummary
  ) {
    let (rows, skipped) = (summary.rows, summary.skipped)
    let shape = { (row: TensorShape) in TensorShape([rows.files.count] + row.dimensions) }
    guard arguments[Common.json] else {
      switch source {
      case .one(let backbone):
        console.print(
          "\(arguments[output]): features \(shape(backbone.featureShape)) of \(counted(rows.files.count, "image"))"
        )
      case .several(let taps):
        let tensors = zip(taps.layers, taps.featureShapes).map { "\($0) \(shape($1))" }
        console.print(
          "\(arguments[output]): \(tensors.joined(separator: ", ")) of \(counted(rows.files.count, "image"))")
      }
      return
    }
    let tensors: (name: String, value: JSON) =
      switch source {
      case .one(let backbone): ("shape", Self.json(shape(backbone.featureShape)))
      case .several(let taps):
        (
          "layers",
          .array(
            zip(taps.layers, taps.featureShapes).map { ["name": .string($0), "shape": Self.json(shape($1))] })
        )
      }
    console.print([
      "output": .string(arguments[output]), "\(tensors.name)": tensors.value,
      "entry": .string(source.backbone.identifier), "classes": .array(rows.classNames.map(JSON.string)),
      "notFinite": .integer(rows.nonFiniteCount),
      "unusual": TensorFindingView.json(source.backbone.unusualTensors),
      "skipped": .array(skipped.map { ["path": .string($0.path), "reason": .string($0.error.description)] }),
    ])
  }

  private static func json(_ shape: TensorShape) -> JSON { .array(shape.dimensions.map(JSON.integer)) }
}
