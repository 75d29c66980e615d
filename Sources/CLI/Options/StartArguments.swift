import ModelZoo

/// What `zoo train` begins with: a backbone and a head to put on it, or a trained model.
struct StartArguments {
  private let archive = Option.optional(
    "backbone", value: "ARCHIVE", .text, help: "an archive written by zoo convert; or give --from MODEL")
  private let model = Option.optional(
    "from", value: "MODEL", .text,
    help:
      "in place of --backbone and --head: train the head of this model further, on the same classes; optimizer and history begin anew"
  )
  private let head = Option.optional(
    "head", value: "LAYERS", .text,
    help:
      "the layers to train, as in \"dense(256, relu), dense(4, softmax)\"; linear: one dense layer with a softmax over the classes"
  )
  private let backbone = BackboneArguments()
  private let featurewise = FeaturewiseArguments()

  var declarations: [any CommandArgument] { [archive, model, head] }
  var groups: [OptionGroup] { [featurewise.group, backbone.group] }

  /// What only images have: features that are computed already are normalised by what they were.
  var declarationsOfImages: [any CommandArgument] { featurewise.declarations }

  /// What features say of themselves, where they do, but for the layer.
  var declarationsOfFeatures: [any CommandArgument] { backbone.declarationsOfFeatures }

  /// The layer to take features from; nil for the last.
  func layer(_ arguments: Arguments) -> String? { backbone.layerName(arguments) }

  /// The files that are read.
  func files(_ arguments: Arguments) -> [String] {
    [arguments[archive], arguments[model]].compactMap(\.self)
  }

  /// Whether a trained model is to be trained further.
  func trainsFurther(_ arguments: Arguments) -> Bool { arguments[model] != nil }

  /// Refuses, before any work, what does not go together.
  func check(_ arguments: Arguments) throws {
    try featurewise.check(arguments, backbone)
    if arguments[model] != nil { return try checkModel(arguments) }
    for option in [archive, head] where arguments[option] == nil {
      throw UsageError.missing(argument: option.declaration.synopsis, help: option.declaration.help)
    }
    _ = try backbone.options(arguments)
    _ = try layers(arguments)
  }

  private func checkModel(_ arguments: Arguments) throws {
    if arguments[archive] != nil {
      throw UsageError.conflict(
        "--from and --backbone: the model has its backbone; give one of them, not both")
    }
    for option in featurewise.declarations + backbone.declarations
    where arguments.isGiven(option) && option.declaration.label != Common.exact.declaration.label {
      throw UsageError.conflict("\(option.declaration.label): comes from the model with --from; leave it out")
    }
    if arguments[head] != "linear" { _ = try layers(arguments) }
  }

  /// The head that was written out; nil for the one that follows from the classes, or from the model.
  private func layers(_ arguments: Arguments) throws -> Head? {
    guard let text = arguments[head], text != "linear" else { return nil }
    return try UsageError.inOption("--head") { try Head(text) }
  }

  /// The trained model that is to be trained further; nil for none.
  func former(_ arguments: Arguments) throws -> TrainedModel? {
    try arguments[model].map { path in
      try TrainedModel(
        contentsOf: path, threads: arguments[Common.threads], isExact: arguments[Common.exact])
    }
  }

  /// What is to be trained on `data`.
  ///
  /// - Parameter former: the trained model that is trained further; nil for a new head.
  func trainee(
    _ arguments: Arguments, on data: TrainingData, from former: TrainedModel?, _ console: Console
  ) throws -> Trainee {
    let images = data.images.training
    let classes = images.classes.count
    let given = try layers(arguments) ?? Head { Dense(max(2, classes), activation: .softmax) }
    if let path = arguments[model], let former {
      try check(former, path, given, arguments)
      console.note("\(path): \(former.head.head) is trained further; optimizer and history begin anew")
      return .model(former)
    }
    var options = try backbone.options(arguments)
    // As in Keras, where it is rows and columns that are flattened.
    if options.pooling == .automatic, given.flattens { options.pooling = .none }
    if case .features(let split) = data {
      if !split.training.saysHowItWasComputed {
        console.note(
          "\(split.training.path): does not say what computed it; it is taken for the features of \(arguments[archive] ?? "") with the options given"
        )
      }
      let loaded = try Backbone(
        contentsOf: arguments[archive] ?? "", of: split.training, options: options,
        threads: arguments[Common.threads])
      return .head(given, loaded)
    }
    let loaded = try Backbone(
      contentsOf: arguments[archive] ?? "", options: options,
      threads: arguments[Common.threads])
    return .head(
      given, try featurewise.applied(to: loaded, backbone, arguments, images: images, console))
  }

  /// Refuses a head `given` that is not the model's own.
  private func check(
    _ former: TrainedModel, _ path: String, _ given: Head, _ arguments: Arguments
  ) throws(UsageError) {
    let own = former.head.head
    guard arguments[head] == nil || given.description == own.description else {
      throw .conflict(
        "--head: expected that of \(path), \(own), found \(given); leave it out, or train a new head with --backbone"
      )
    }
  }
}

/// What `zoo train` trains.
enum Trainee {
  case head(Head, Backbone)
  case model(TrainedModel)

  var backbone: Backbone {
    switch self {
    case .head(_, let backbone): backbone
    case .model(let model): model.backbone
    }
  }

  var head: Head {
    switch self {
    case .head(let head, _): head
    case .model(let model): model.head.head
    }
  }

  /// What may be changed, where an option does.
  var notices: [String] {
    switch self {
    case .head(_, let backbone): backbone.notices.map(FlagHint.sentence)
    case .model(let model): model.notices.map(\.description)
    }
  }

  func warnings(_ data: TrainingData, _ options: TrainingOptions) -> [String] {
    switch (self, data) {
    case (.head(let head, let backbone), .images(let split)):
      backbone.warnings(training: head, on: split, options: options)
    case (.model(let model), .images(let split)): model.warnings(trainingOn: split, options: options)
    case (.head(let head, let backbone), .features(let split)):
      backbone.warnings(training: head, on: split, options: options)
    case (.model(let model), .features(let split)): model.warnings(trainingOn: split, options: options)
    }
  }

  func startTraining(
    _ split: FeatureSplit, _ options: TrainingOptions
  ) throws -> Job<TrainingEvent, TrainedModel> {
    switch self {
    case .head(let head, let backbone): try backbone.startTraining(head, on: split, options: options)
    case .model(let model): try model.startTraining(on: split, options: options)
    }
  }

  func startTraining(
    _ split: DatasetSplit, _ options: TrainingOptions, _ extraction: ExtractionOptions
  ) throws -> Job<TrainingEvent, TrainedModel> {
    switch self {
    case .head(let head, let backbone):
      try backbone.startTraining(head, on: split, options: options, extraction: extraction)
    case .model(let model): try model.startTraining(on: split, options: options, extraction: extraction)
    }
  }
}
