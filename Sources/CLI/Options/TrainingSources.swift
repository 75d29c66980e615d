import ModelZoo
import Reports

/// Where `zoo train` finds its images.
struct TrainingSources {
  private let data = Option.required(
    "data", value: "FOLDER|FILE", .text,
    help:
      "training images: a folder or an archive (.zip, .tar) with one sub-folder per class; or one with train, val and test folders of that kind; or a manifest (.csv, .tsv, .jsonl)"
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
    [data, validationData, testData] + split.declarations + listing.declarations + [weightColumn]
  }

  /// Whether images have weights of their own.
  func weighsImages(_ arguments: Arguments) -> Bool { arguments[weightColumn] != nil }

  /// What the command line names.
  func files(_ arguments: Arguments) -> [String] {
    [arguments[data], arguments[validationData], arguments[testData]].compactMap(\.self)
  }

  /// Refuses, before any work, what does not go together.
  func check(_ arguments: Arguments, _ options: TrainingOptions) throws(UsageError) {
    if weighsImages(arguments), options.epochs == nil {
      throw .conflict("--weight-col: needs --fit epochs; found --fit lbfgs")
    }
  }

  /// The kind of labels.
  func classMode(_ arguments: Arguments) -> ClassMode? { listing.classMode(arguments) }

  /// Lists all images and splits them; says what one should know of them.
  ///
  /// - Parameter order: the classes of the model that is trained further, which are put in its order before any split.
  /// - Throws: `UsageError` where an output of any option would take the place of one of them.
  func find(
    _ arguments: Arguments, seed: Int, order: [String]? = nil, _ console: Console
  ) throws -> DatasetSplit {
    let split = try listed(arguments, seed: seed, order)
    let images = split.parts.flatMap(\.images.files)
    try arguments.refuseOverwriting(files(arguments) + images)
    console.show(split.diagnostics)
    return split
  }

  private func listed(_ arguments: Arguments, seed: Int, _ order: [String]?) throws -> DatasetSplit {
    try self.listing.check(arguments, of: files(arguments))
    var listing = self.listing.options(arguments, weight: arguments[weightColumn])
    listing.order = order
    let sources = DatasetSources(
      training: arguments[data], validation: arguments[validationData], test: arguments[testData],
      listing: listing,
      holdback: try split.split(arguments, seed: seed))
    do {
      return try DatasetSplit(sources)
    } catch .twoValidations(let place) {
      let source = arguments[validationData] == nil ? place : "--validation-data"
      throw UsageError.conflict("\(source) and \(split.label(arguments)): give one of them, not both")
    } catch .weightsWithoutManifest {
      throw UsageError.conflict(
        "--weight-col: needs a manifest (.csv, .tsv, .jsonl); found --data \(arguments[data])")
    }
  }
}
