import ModelZoo
import Reports

/// Where `zoo train` finds its pictures.
struct TrainingSources {
  private let data = Option.required(
    "data", value: "FOLDER|FILE", .text,
    help:
      "training pictures: a folder with a sub-folder a class, or with train, val and test folders of such, or a manifest (.csv, .tsv, .jsonl)"
  )
  private let validationData = Option.optional(
    "validation-data", value: "FOLDER|FILE", .text, help: "validation pictures, of the same classes")
  private let testData = Option.optional(
    "test-data", value: "FOLDER|FILE", .text,
    help: "pictures to measure the trained model on, of the same classes"
  )
  private let weightColumn = Option.optional(
    "weight-col", value: "NAME", .text, help: "a manifest's column of weights: how much each picture counts")
  private let listing = DataParameters()
  private let split = SplitParameters()

  var parameters: [any Parameter] {
    [data, validationData, testData] + split.parameters + listing.parameters + [weightColumn]
  }

  /// Whether pictures have weights of their own.
  func weighsPictures(_ arguments: Arguments) -> Bool { arguments[weightColumn] != nil }

  /// What the command line names.
  func files(_ arguments: Arguments) -> [String] {
    [arguments[data], arguments[validationData], arguments[testData]].compactMap(\.self)
  }

  /// Puts what the command line says of data into `options`.
  func adopt(_ arguments: Arguments, into options: inout TrainingOptions) throws(UsageError) {
    if weighsPictures(arguments), options.linearFit != nil {
      throw .conflict("--weight-col: belongs to --fit epochs; --fit lbfgs has no use for it")
    }
    options.validationSplit = split.fraction(arguments) ?? 0
    options.splitRule = split.rule(arguments)
    options.classMode = listing.classMode(arguments)
  }

  /// Lists all pictures.
  func find(_ arguments: Arguments, _ console: Console) throws -> TrainingData {
    let premade = arguments[data].hasSuffix(".csv") ? nil : PremadeFolders(arguments[data])
    let paths = (
      training: premade?.training ?? arguments[data],
      validation: arguments[validationData] ?? premade?.validation, test: arguments[testData] ?? premade?.test
    )
    if paths.validation != nil, split.fraction(arguments) != nil {
      let source = premade == nil ? "--validation-data" : "\(paths.validation ?? "")"
      throw UsageError.conflict("\(source) and --validation-split: give one of them, not both")
    }
    if premade != nil {
      let others = [paths.validation, paths.test].compactMap(\.self).joined(separator: ", ")
      console.note(
        "\(arguments[data]): its folders are parts of a data set; learning from \(paths.training), "
          + "judging by \(others)")
    }
    if arguments[weightColumn] != nil, !ImageManifest.isManifest(paths.training) {
      throw UsageError.conflict(
        "--weight-col: belongs to a manifest (.csv, .tsv, .jsonl); found --data \(arguments[data])")
    }
    let list = { (path: String) in
      try listing.folder(path, arguments, console, weight: arguments[weightColumn])
    }
    let training = try list(paths.training)
    return TrainingData(
      training: training, validation: try paths.validation.map(list),
      test: try test(in: paths.test, classes: training.classes, arguments, console))
  }

  /// The pictures to measure the trained model on, which must be known to be of its classes before it is trained.
  ///
  /// A `test` folder of a data set may hold pictures of unknown classes; one that was asked for may not.
  private func test(
    in path: String?, classes: [String], _ arguments: Arguments, _ console: Console
  ) throws -> ImageFolder? {
    guard let path else { return nil }
    let folder = try listing.folder(path, arguments, console, weight: arguments[weightColumn])
    guard folder.classes != classes else { return folder }
    let error = ModelZooError.otherClasses(folder: path, expected: classes, found: folder.classes)
    guard arguments[testData] == nil else { throw error }
    let found = folder.classes.isEmpty ? "no sub-folders" : folder.classes.joined(separator: ", ")
    console.note(
      "\(path): not measured, for its classes are not those of the training pictures: found \(found); "
        + "zoo predict tells what they are")
    return nil
  }
}

/// The pictures of a training run.
struct TrainingData {
  let training: ImageFolder
  let validation: ImageFolder?
  let test: ImageFolder?

  /// The pictures to learn from.
  func learnt(_ options: TrainingOptions) -> ImageFolder {
    guard validation == nil else { return training }
    return training.split(
      validation: options.validationSplit, rule: options.splitRule, seed: options.seed
    ).training
  }

  /// How many pictures are worked on when the training pictures are gone through several times.
  func pictureCount(passes: Int, _ options: TrainingOptions) -> Int {
    let learnt = learnt(options)
    return learnt.items.count * (passes - 1)
      + [training, validation, test].compactMap(\.self).reduce(0) { $0 + $1.items.count }
  }

  /// What Keras says of a folder and its parts.
  func describe(_ options: TrainingOptions, _ say: (String) -> Void) {
    say(training.foundLine)
    if let validation {
      say(validation.foundLine)
    } else if options.validationSplit > 0 {
      let parts = training.split(
        validation: options.validationSplit, rule: options.splitRule, seed: options.seed)
      say("Using \(counted(parts.training.items.count, "image")) for training.")
      say("Using \(counted(parts.validation.items.count, "image")) for validation.")
    }
    if let test { say(test.foundLine) }
  }

  /// Pictures on both sides, and classes nothing can be learnt about.
  func warnings(_ options: TrainingOptions) -> [String] {
    let filled = Set(training.items.compactMap(\.label))
    let empty = training.classes.enumerated().filter { !filled.contains($0.offset) }.map { _, name in
      "\(training.path): class \(name) has no pictures, so the head cannot learn it; "
        + "remove the folder, or name the others by --classes"
    }
    return copies(options) + empty
  }

  private func copies(_ options: TrainingOptions) -> [String] {
    let parts = training.split(
      validation: options.validationSplit, rule: options.splitRule, seed: options.seed)
    let learnt = learnt(options)
    let judges = [("validation", validation ?? parts.validation), ("test", test)]
    return judges.compactMap { name, judge in
      guard let judge, case let copies = judge.copies(of: learnt), let first = copies.first else {
        return nil
      }
      return
        "\(copies.count) of \(counted(judge.items.count, "\(name) picture")) are copies of training pictures, "
        + "which flatters the model; the first: \(first.name)"
    }
  }

  /// What measuring on the test pictures came to, as in `test_accuracy: 0.9563 - test_loss: 0.1125`.
  func line(of logs: Logs) -> String {
    logs.entries.map { "test_\($0.name): \(fixed($0.value, decimals: 4))" }.joined(separator: " - ")
  }
}
