public import Datasets
import Training

/// Training a finished model further, in the same three forms as a new head: see ``Backbone``.
///
/// It is Keras's second call of `fit` on a model that was loaded without its optimizer: the parameters go on from where they are, the
/// optimizer begins anew, and the history is that of the new epochs alone. What is learnt from is added up, in
/// ``TrainedModel/learntImages``.
extension TrainedModel {
  /// Trains the head further on the images of `split`.
  ///
  /// ```swift
  /// let model = try TrainedModel(contentsOf: "animals.zoo.safetensors")
  /// try model.train(on: split, options: TrainingOptions(fit: .epochs(5))).save(to: "better.zoo.safetensors")
  /// ```
  ///
  /// - Parameters:
  ///   - split: training images, and validation images to evaluate on after every epoch, of the model's classes; where they are in another
  ///     order, each goes by its name.
  ///   - options: epochs, optimizer and all else; without a loss, that which the head was trained with.
  ///   - extraction: how features are computed, and who is told of it.
  /// - Throws: `DatasetError.otherClasses(place:expected:found:)` for other classes, or a class more or less,
  ///   `TrainingError.setting(name:expected:found:)` for a
  ///   linear fit, which would begin anew, and what training of a new head throws.
  public func train(
    on split: DatasetSplit, options: TrainingOptions = TrainingOptions(),
    extraction: ExtractionOptions = ExtractionOptions()
  ) throws -> TrainedModel {
    try backbone.train(
      .model(self), .images(split, extraction), options,
      JobContext(cancellation: Cancellation()) { _ in })
  }

  /// Trains the head further without blocking a thread of the concurrency pool.
  ///
  /// - Throws: what the blocking call throws; `CancellationError`, within a batch of images or a step, in a task that
  ///   is cancelled.
  public func train(
    on split: DatasetSplit, options: TrainingOptions = TrainingOptions(),
    extraction: ExtractionOptions = ExtractionOptions()
  ) async throws -> TrainedModel {
    try await startTraining(on: split, options: options, extraction: extraction).value
  }

  /// Starts to train the head further; the job reports its progress, and is cancelled like that of a new head.
  ///
  /// - Returns: a job that throws what the blocking call throws while features are computed and the head is trained.
  /// - Throws: at once, what the blocking call throws before any feature is computed.
  public func startTraining(
    on split: DatasetSplit, options: TrainingOptions = TrainingOptions(),
    extraction: ExtractionOptions = ExtractionOptions()
  ) throws -> Job<TrainingEvent, TrainedModel> {
    try backbone.startTraining(.model(self), .images(split, extraction), options)
  }

  /// What a user should know before training the model further on `split` as `options` say: what
  /// ``Backbone/warnings(training:on:options:)-(_,DatasetSplit,_)`` has to say, and whether images to validate on were learnt from.
  ///
  /// - Complexity: reads every validation image once.
  public func warnings(trainingOn split: DatasetSplit, options: TrainingOptions = TrainingOptions())
    -> [String]
  {
    let warnings = backbone.warnings(training: head.head, on: split, options: options)
    guard let validation = split.validation else { return warnings }
    // Copies of images to train on are another matter, and warned of as such.
    let known = parts(of: validation).learnt
    let learnt = known.items.count - known.copies(of: split.training).count
    guard learnt > 0 else { return warnings + Self.warnings(unknown: learntImages) }
    return warnings + [
      "validation: the model has learnt from \(learnt) of the \(validation.items.count) images, so its results on them are too "
        + "good; validate on other images, such as those held back before, by the same split and seed"
    ]
  }

  /// What a user should know before training the model further on features as `options` say.
  public func warnings(trainingOn split: FeatureSplit, options: TrainingOptions = TrainingOptions())
    -> [String]
  {
    let warnings = backbone.warnings(training: head.head, on: split, options: options)
    guard split.validation != nil, learntImages != nil else { return warnings }
    return warnings + [
      "validation: the model may have learnt from some of the images, which features do not tell; its results are then too good, so "
        + "validate on what was held back before, by the same split and seed"
    ]
  }

  /// What a user should know before the model is measured on the part that a split holds back, of images that may be those of its
  /// training; nil where that part was held back from the training, too.
  ///
  /// - Parameter split: what the part is held back by.
  public func warning(measuring split: ValidationSplit) -> String? {
    guard let images = learntImages, images.holdback != split else { return nil }
    let trained = images.holdback.map { "with another split: expected \($0), found \(split)" }
    return
      "the model was trained \(trained ?? "without a split"): where it has learnt from some of these images, the results are too good"
  }

  private static func warnings(unknown images: LearntImages?) -> [String] {
    guard let images, !images.isComplete else { return [] }
    return [
      "validation: the model was trained on features, which do not say of which images they are; where it has learnt from these, its "
        + "results are too good"
    ]
  }
}

/// What training begins with.
enum TrainingStart {
  /// A head with new parameters.
  case head(Head)
  /// A trained model, whose head goes on from the parameters it has.
  case model(TrainedModel)

  /// The layers to train.
  var head: Head {
    switch self {
    case .head(let head): head
    case .model(let model): model.head.head
    }
  }

  /// The model that is trained further.
  var model: TrainedModel? {
    switch self {
    case .head: nil
    case .model(let model): model
    }
  }

  /// The images with their classes in the order of the head's outputs; refuses what no model is trained further with.
  func checked(_ split: DatasetSplit, _ options: TrainingOptions) throws -> DatasetSplit {
    guard let model else { return split }
    guard let arranged = split.arranged(in: model.labels) else {
      throw DatasetError.otherClasses(
        place: split.training.place, expected: model.labels, found: split.training.classes)
    }
    if case .linear = options.fit {
      throw TrainingError.setting(
        name: "fit", expected: "epochs, which go on from the model's parameters",
        found: "a linear fit, which begins anew")
    }
    return arranged
  }
}
