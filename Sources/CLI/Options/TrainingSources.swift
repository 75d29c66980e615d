import ModelZoo
import Reports

/// Where `zoo train` finds its images, or their features.
struct TrainingSources {
  private let data = Option.optional(
    "data", value: "FOLDER|FILE", .text,
    help:
      "training images: a folder or an archive (.zip, .tar) with one sub-folder per class; or one with train, val and test folders of that kind; or a manifest (.csv, .tsv, .jsonl); or give --features"
  )
  private let features = Option.optional(
    "features", value: "DIR|FILE", .text,
    help:
      "in place of --data: what zoo features wrote, a file or a folder of shards, which need not fit into memory; --validation-data and --test-data are then features, too"
  )
  private let validationData = Option.optional(
    "validation-data", value: "FOLDER|FILE", .text, help: "validation images, of the same classes")
  private let testData = Option.optional(
    "test-data", value: "FOLDER|FILE", .text,
    help: "images to test the trained model on, of the same classes"
  )
  private let weightColumn = Option.optional(
    "weight-col", value: "NAME", .text,
    help: "the manifest's column of sample weights: how much each image counts")
  private let listing = DataArguments()
  private let split = SplitArguments()

  var group: OptionGroup { OptionGroup("Data", declarations) }

  var declarations: [any CommandArgument] {
    [data, features, validationData, testData] + split.declarations + listing.declarations + [weightColumn]
  }

  /// Whether images have weights of their own.
  func weighsImages(_ arguments: Arguments) -> Bool { arguments[weightColumn] != nil }

  /// What the command line names.
  func files(_ arguments: Arguments) -> [String] {
    [arguments[data], arguments[features], arguments[validationData], arguments[testData]].compactMap(\.self)
  }

  /// Refuses, before any work, what does not go together.
  func check(_ arguments: Arguments, _ options: TrainingOptions) throws(UsageError) {
    if arguments[features] == nil, arguments[data] == nil {
      throw .missing(argument: data.declaration.synopsis, help: data.declaration.help)
    }
    if weighsImages(arguments), options.epochs == nil {
      throw .conflict("--weight-col: needs --fit epochs; found --fit lbfgs")
    }
  }

  /// The kind of labels.
  func classMode(_ arguments: Arguments) -> ClassMode? { listing.classMode(arguments) }

  /// Whether there are features in place of images.
  func areFeatures(_ arguments: Arguments) -> Bool { arguments[features] != nil }

  /// Refuses, beside features, options that are about images.
  func refuse(_ others: [any CommandArgument], besideFeaturesOf arguments: Arguments) throws(UsageError) {
    guard areFeatures(arguments) else { return }
    for option in [data, weightColumn] + listing.declarationsOfFiles + others where arguments.isGiven(option)
    {
      throw .conflict(
        "--features and \(option.declaration.label): features are computed already; leave one out")
    }
  }

  /// Finds the images, or their features.
  ///
  /// - Parameters:
  ///   - layer: whose features to read, of those of several.
  ///   - order: the classes of the model that is trained further; images are put in its order before any split.
  /// - Throws: `UsageError` where an output of any option would take the place of one of them.
  func find(
    _ arguments: Arguments, layer: String?, seed: Int, order: [String]? = nil, _ console: Console
  ) throws -> TrainingData {
    guard let path = arguments[features] else {
      return .images(try images(arguments, seed: seed, order, console))
    }
    try DataArguments.refuseStandardInput(of: files(arguments))
    try arguments.refuseOverwriting(files(arguments))
    let open = { (path: String) in try FeatureSet(contentsOf: path, layer: layer) }
    let holdback = try split.split(arguments, seed: seed)
    do {
      return .features(
        try FeatureSplit(
          training: open(path), validation: arguments[validationData].map(open),
          test: arguments[testData].map(open), holdback: holdback))
    } catch {
      throw refusal(error, arguments)
    }
  }

  /// Lists all images and splits them; says what one should know of them.
  private func images(
    _ arguments: Arguments, seed: Int, _ order: [String]?, _ console: Console
  ) throws -> DatasetSplit {
    let split = try listed(arguments, seed: seed, order)
    let images = split.parts.flatMap(\.images.files)
    try arguments.refuseOverwriting(files(arguments) + images)
    console.show(split.diagnostics)
    return split
  }

  private func listed(_ arguments: Arguments, seed: Int, _ order: [String]?) throws -> DatasetSplit {
    try DataArguments.refuseStandardInput(of: files(arguments))
    try self.listing.check(arguments, of: files(arguments))
    var listing = self.listing.options(arguments, weight: arguments[weightColumn])
    listing.order = order
    let sources = DatasetSources(
      training: arguments[data] ?? "", validation: arguments[validationData], test: arguments[testData],
      listing: listing,
      holdback: try split.split(arguments, seed: seed))
    do { return try DatasetSplit(sources) } catch { throw refusal(error, arguments) }
  }

  /// The error as one of the command line, where it is one.
  private func refusal(_ error: any Error, _ arguments: Arguments) -> any Error {
    switch error {
    case DatasetError.twoValidations(let place):
      let source = arguments[validationData] == nil ? place : "--validation-data"
      return UsageError.conflict("\(source) and \(split.label(arguments)): give one of them, not both")
    case DatasetError.weightsWithoutManifest:
      let found = arguments[data] ?? ""
      return UsageError.conflict(
        "--weight-col: needs a manifest (.csv, .tsv, .jsonl); found --data \(found)")
    default: return error
    }
  }
}

/// What `zoo train` trains on.
enum TrainingData {
  case images(DatasetSplit)
  case features(FeatureSplit)

  /// The images, whether they are to be read or not.
  var images: DatasetSplit {
    switch self {
    case .images(let split): split
    case .features(let split): split.images
    }
  }
}
