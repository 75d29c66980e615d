import ModelZoo
import Reports

/// `zoo train`
struct TrainCommand: Command {
  private let start = StartArguments()
  private let sources = TrainingSources()
  private let fit = Option(
    "fit", value: "METHOD", .choice(["epochs", "lbfgs"]), default: "epochs",
    help:
      "epochs: gradient steps on batches; lbfgs: a linear head to convergence, without epochs or learning rate"
  )
  private let strength = Option.optional(
    "strength", value: "C", .strength,
    help:
      "lbfgs: inverse regularisation strength, scikit-learn's C; auto: by cross-validation (default: auto)")
  private let fitting = FitArguments()
  private let seed = Common.seed
  private let output = Option.required(
    "output", short: "o", value: "MODEL", .output, help: "where to write the trained model")
  private let augmentation = AugmentationArguments()
  private let extraction = ExtractionArguments()
  private let callbacks = CallbackArguments()
  private let report = ReportArguments()

  let name = "train"
  let abstract = "train a head on the features of a folder of images"
  let discussion = """
    The backbone stays frozen unless --unfreeze says otherwise: the features of each image are computed once, or read \
    from the cache, and the head is trained on them. With --unfreeze, what lies below the lowest layer that is trained \
    is computed once. With data augmentation, features are computed for every random variant of an image, anew in every \
    epoch unless there are only flips or --variants is given. With --from, a trained model is trained further. MODEL is \
    one file with backbone, head, labels, \
    preprocessing and history. --batch is the batch size for computing features and for training. --seed decides the \
    validation split, the initial weights, the order of images and dropout: the same command writes the same bytes. With \
    --features, in place of --data, the head is trained on what zoo features wrote, a file or shards of any size, and \
    comes to the same as from the images. \
    A checkpoint resumes a training with --resume; one of a head on a frozen backbone is also a model for zoo predict, \
    zoo evaluate, zoo train --from and zoo model, one with --unfreeze is not.
    """
  let example = """
    zoo train --backbone backbone.zoo.safetensors --data animals --validation-split 0.2 \\
      --head "dense(4, softmax)" --epochs 12 -o animals.zoo.safetensors
    zoo train --backbone backbone.zoo.safetensors --features shards --validation-split 0.2 \\
      --head linear --fit lbfgs -o animals.zoo.safetensors
    zoo train --from animals.zoo.safetensors --data animals --epochs 5 -o better.zoo.safetensors
    """
  let essentials = [
    "backbone", "from", "data", "validation-split", "head", "epochs", "learning-rate", "early-stopping",
    "seed", "output",
  ]
  var groups: [OptionGroup] {
    [
      OptionGroup("Training", start.declarations + [fit, strength, seed, output, Common.json]), sources.group,
    ]
      + fitting.groups + callbacks.groups
      + [augmentation.group] + start.groups + [extraction.group, report.group]
  }
  var declarations: [any CommandArgument] { groups.flatMap(\.declarations) }

  func run(_ arguments: Arguments, _ console: Console) throws {
    var options = try trainingOptions(arguments)
    let inputs = start.files(arguments) + sources.files(arguments) + callbacks.checkpoints.files(arguments)
    // Before any folder is made.
    try arguments.refuseOverwriting(inputs)
    try KnownEnding.check(arguments[output], contents: "an archive", "safetensors")
    try AtomicFile.checkWritable(arguments[output])
    let reportPath = try report.path(
      arguments, model: arguments[output], reading: inputs,
      resumes: callbacks.checkpoints.resumes(arguments))
    let asksForJSON = arguments[Common.json]
    let say = { @Sendable (line: String) in
      if asksForJSON { console.note(line) } else if !console.isQuiet { console.print(line) }
    }
    let former = try start.former(arguments)
    let data = try sources.find(
      arguments, layer: start.layer(arguments), seed: arguments[seed], order: former?.labels, console)
    if case .features(let split) = data, split.training.saysHowItWasComputed {
      try sources.refuse(start.declarationsOfFeatures, besideFeaturesOf: arguments)
    }
    let split = data.images
    options.epochs?.classWeights = try fitting.classWeights(arguments, classes: split.training.classes)
    split.foundLines.forEach(say)
    try callbacks.adopt(
      arguments, into: &options, validates: split.validation != nil, output: arguments[output],
      inputs: start.files(arguments), console
    ) { console.draw($0, asNote: asksForJSON) }
    let trainee = try start.trainee(arguments, on: data, from: former, console)
    try arguments.refuseOverwriting([trainee.backbone.path])
    options.epochs?.batchSize = extraction.batchSize(arguments)
    let warnings = split.findings().map(FlagHint.sentence) + trainee.warnings(data, options)
    for warning in warnings { console.warn(warning) }
    try Self.line(ofTraining: trainee, options).map(say)
    if !sources.areFeatures(arguments) {
      for notice in trainee.notices { console.note(notice) }
    }
    let (model, test) = try train(trainee, on: data, options, arguments, console) { sentence in
      if !warnings.contains(sentence) { console.warn(sentence) }
    }
    extraction.list(skipped: model.skipped, arguments, console)
    test.map { say(Self.line(ofTest: $0)) }
    if let fit = model.fit { console.show(fit, model.history, say) }
    let view = TrainedModelView(model)
    if !arguments[Common.json] { console.print("\(arguments[output]): \(view.sentence)") }
    let boards = (options.epochs?.callbacks ?? []).compactMap { $0 as? TensorBoard }
    for board in boards { try board.addMistakes(of: model) }
    let content = TrainingReport(
      on: model, test: test, warnings: warnings,
      command: callbacks.checkpoints.wholeCommandLine(arguments), modelPath: arguments[output])
    if let content { try report.write(content, to: reportPath, arguments) }
    callbacks.checkpoints.cleanUp(arguments, output: arguments[output])
    if arguments[Common.json] {
      console.print(view.json(path: arguments[output], report: reportPath, test: test))
    } else if let reportPath {
      console.print("\(reportPath): report")
    }
  }

  /// The trained model, saved, and what it measures on test images.
  private func train(
    _ trainee: Trainee, on data: TrainingData, _ options: TrainingOptions, _ arguments: Arguments,
    _ console: Console, warn: @escaping @Sendable (String) -> Void
  ) throws -> (model: TrainedModel, test: Logs?) {
    let finish = { (job: Job<TrainingEvent, TrainedModel>, cache: FeatureCache?) in
      let model = try callbacks.checkpoints.wait(for: job, arguments, cache, warn: warn)
      try model.save(to: arguments[output])
      return model
    }
    switch data {
    case .features(let split):
      let model = try finish(trainee.startTraining(split, options), nil)
      let test = try split.test.map {
        try model.startEvaluation(on: $0, metrics: options.metrics).wait().logs
      }
      return (model, test)
    case .images(let split):
      let total = try imageCount(split, options, arguments, console)
      return try extraction.withOptions(arguments, console, total: total) { features in
        let model = try finish(trainee.startTraining(split, options, features), features.cache)
        return (
          model,
          try split.test.map { images in
            let job = model.startEvaluation(on: images, metrics: options.metrics, extraction: features)
            return try extraction.wait(for: job, features).logs
          }
        )
      }
    }
  }

  /// How many parameters will be trained, where that is not the head's alone.
  private static func line(ofTraining trainee: Trainee, _ options: TrainingOptions) throws -> String? {
    guard options.fineTuning != nil else { return nil }
    let counts = try trainee.backbone.trainedParameters(training: trainee.head, options: options)
    return "Training \(counts.trainable.grouped) of \(counts.total.grouped) parameters."
  }

  /// The result of evaluation on the test images, as in `test_accuracy: 0.9563 - test_loss: 0.1125`.
  private static func line(ofTest logs: Logs) -> String {
    logs.entries.map { "test_\($0.name): \(EpochPrinter.format($0.value))" }.joined(separator: " - ")
  }

  /// How many images will be worked on, and a note where that is more than need be.
  private func imageCount(
    _ split: DatasetSplit, _ options: TrainingOptions, _ arguments: Arguments, _ console: Console
  ) throws -> Int {
    let (epochs, images) = (options.epochs?.count ?? 1, split.training.items.count)
    if let cost = try augmentation.costNote(arguments, epochs: epochs, images: images) {
      console.note(cost)
    }
    let passes = try augmentation.passes(arguments, epochs: epochs)
    let all = split.parts.reduce(0) { $0 + $1.images.items.count }
    return all + split.training.items.count * (passes - 1)
  }

  private func trainingOptions(_ arguments: Arguments) throws -> TrainingOptions {
    try sources.refuse(
      augmentation.declarations + fitting.declarationsOfBackbone + start.declarationsOfImages
        + extraction.declarationsOfImages, besideFeaturesOf: arguments)
    try start.check(arguments)
    if sources.weighsImages(arguments), fitting.weighsClasses(arguments) {
      throw UsageError.conflict("--weight-col and --class-weights: give one of them, not both")
    }
    var options = try fitting.options(arguments, linear: linearFit(arguments))
    if start.trainsFurther(arguments), options.epochs == nil {
      throw UsageError.conflict("--from: needs --fit epochs; found --fit lbfgs")
    }
    options.seed = UInt64(arguments[seed])
    try sources.check(arguments, options)
    options.classMode = sources.classMode(arguments)
    options.augmentation = try augmentation.augmentation(arguments)
    options.variants = augmentation.variants(arguments)
    return options
  }

  private func linearFit(_ arguments: Arguments) throws -> LinearFit? {
    guard arguments[fit] == "lbfgs" else {
      guard arguments[strength] == nil else {
        throw UsageError.conflict("--strength: needs --fit lbfgs; found --fit \(arguments[fit])")
      }
      return nil
    }
    return LinearFit(strength: arguments[strength] ?? .crossValidated())
  }
}
