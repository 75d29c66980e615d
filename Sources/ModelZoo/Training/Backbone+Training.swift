public import Images
import Tensors
public import Training

extension Backbone {
  /// Trains `head` on the pictures of `folder`: the features are computed once and kept, then the head runs
  /// over them for as many epochs as wanted, or a linear fit finds it at once.
  ///
  /// - Parameters:
  ///   - head: its last layer has one output a class, or one sigmoid for two classes.
  ///   - folder: one sub-folder a class.
  ///   - options: epochs, optimizer, loss, validation and all else.
  ///   - extraction: how features are computed, and who is told of it.
  /// - Throws: ``ModelZooError`` when data and head do not fit each other (found before any feature is computed),
  ///   `TrainingError` and `ImageError`.
  public func train(
    _ head: Head, on folder: ImageFolder, options: TrainingOptions = TrainingOptions(),
    extraction: ExtractionOptions = ExtractionOptions()
  ) throws -> TrainedModel {
    let split = try DataSplit(folder, options)
    guard options.trainableBackboneLayers.isEmpty else {
      throw ModelZooError.frozenBackbone(layers: options.trainableBackboneLayers)
    }
    var record = TrainingRecord(training: split.training, validation: split.validation)
    try options.linearFit?.check(head)
    if options.linearFit != nil || options.classWeights != nil,
      split.training.items.contains(where: { $0.weight != nil })
    {
      throw ModelZooError.sampleWeights(
        beside: options.linearFit == nil ? "weights of classes" : "a linear fit, which has no use for them")
    }
    // Before its parameters are made, which may take all memory.
    let outputs = try head.summary(inputShape: featureShape).last?.outputShape.elementCount ?? 0
    try Self.check(outputs: outputs, classes: folder.classes)
    try options.classMode?.check(outputs: outputs, folder)
    var trainer = try options.trainer(head, inputShape: featureShape, samples: split.training.items.count)
    if options.linearFit != nil, options.augmentation.finiteVariantCount == nil, options.variants == nil {
      throw ModelZooError.endlessAugmentation
    }
    let training = try AugmentedFeatures(self, PictureList(split.training), options, extraction)
    let validation = try split.validation.map { try features(of: PictureList($0), options: extraction) }
    record.featuresAreReady()
    let validationSamples = validation.map(\.samples)
    let skipped = training.skipped + (validation?.skipped ?? [])
    if let fit = options.linearFit {
      let fitted = try training.fit(head, fit, seed: options.seed)
      let history = try fitted.history(
        training.firstVariants, validation: validationSamples, loss: options.loss,
        metrics: options.metrics)
      return try TrainedModel(
        backbone: self, head: fitted.model, labels: folder.classes, history: history, skipped: skipped,
        fit: fitted, record: record.judging(validation ?? training.firstTable, by: fitted.model))
    }
    if !training.isConstant {
      trainer.featuresOfEpoch = training.features
      trainer.featuresOfEpochDescription =
        "\(options.augmentation), \(options.variants.map { "\($0) variants" } ?? "variants as they come")"
    }
    let samples = training.firstVariants
    let history = try trainer.fit(
      samples.features, samples.labels, weights: samples.weights, classWeights: options.classWeights,
      validation: validationSamples,
      epochs: options.epochs, batchSize: options.batchSize, stepsPerEpoch: options.stepsPerEpoch,
      validationSteps: options.validationSteps, shuffle: options.shuffles, callbacks: options.callbacks,
      resuming: options.checkpoint)
    return try TrainedModel(
      backbone: self, head: trainer.model, labels: folder.classes, history: history, skipped: skipped,
      record: record.judging(validation ?? training.firstTable, by: trainer.model))
  }

  private static func check(outputs: Int, classes: [String]) throws(ModelZooError) {
    guard outputs == classes.count || outputs == 1 && classes.count == 2 else {
      throw .headDoesNotFit(outputs: outputs, classes: classes)
    }
  }
}

/// The pictures to learn from and those to judge by.
private struct DataSplit {
  let training: ImageFolder
  let validation: ImageFolder?

  init(_ folder: ImageFolder, _ options: TrainingOptions) throws {
    guard folder.classes.count >= 2 else {
      throw ModelZooError.tooFewClasses(folder: folder.path, found: folder.classes)
    }
    if let given = options.validationData {
      guard given.classes == folder.classes else {
        throw ModelZooError.otherClasses(folder: given.path, expected: folder.classes, found: given.classes)
      }
      (training, validation) = (folder, given)
    } else if options.validationSplit > 0 {
      let split = folder.split(
        validation: options.validationSplit, rule: options.splitRule, seed: options.seed)
      for (part, half) in [("training", split.training), ("validation", split.validation)]
      where half.items.isEmpty && !folder.items.isEmpty {
        throw ModelZooError.emptySplit(
          folder: folder.path, fraction: options.validationSplit, pictures: folder.items.count, part: part)
      }
      (training, validation) = (split.training, split.validation)
    } else {
      (training, validation) = (folder, nil)
    }
    for part in [training, validation].compactMap(\.self) where part.items.isEmpty {
      throw ModelZooError.noPictures(place: part.path)
    }
  }
}

extension TrainingOptions {
  /// What trains `head`, with the learning rate of so many samples.
  func trainer(_ head: Head, inputShape: TensorShape, samples: Int) throws(TrainingError) -> Trainer {
    var optimizer = optimizer
    let batches = (samples + max(1, batchSize) - 1) / max(1, batchSize)
    if let schedule { optimizer.learningRate = schedule(min(stepsPerEpoch ?? batches, max(1, batches))) }
    return try Trainer(
      head: head, inputShape: inputShape, loss: loss, optimizer: optimizer, metrics: metrics, seed: seed)
  }
}
