public import Datasets
import Images
import Tensors
public import Training

extension Backbone {
  /// Trains `head` on the pictures of `split`: the features are computed once and kept, then the head runs
  /// over them for as many epochs as wanted, or a linear fit finds it at once.
  ///
  /// - Parameters:
  ///   - head: its last layer has one output a class, or one sigmoid for two classes.
  ///   - split: the pictures to learn from, and those to judge by after every epoch; the test part is left alone.
  ///   - options: epochs, optimizer, loss and all else.
  ///   - extraction: how features are computed, and who is told of it.
  /// - Throws: ``ModelZooError`` when data and head do not fit each other (found before any feature is computed),
  ///   `DatasetError`, `TrainingError` and `ImageError`.
  public func train(
    _ head: Head, on split: DatasetSplit, options: TrainingOptions = TrainingOptions(),
    extraction: ExtractionOptions = ExtractionOptions()
  ) throws -> TrainedModel {
    try split.checkForTraining()
    guard options.trainableBackboneLayers.isEmpty else {
      throw ModelZooError.frozenBackbone(layers: options.trainableBackboneLayers)
    }
    var record = TrainingRecord(split, options)
    try options.linearFit?.check(head)
    if options.linearFit != nil || options.classWeights != nil,
      split.training.items.contains(where: { $0.weight != nil })
    {
      throw ModelZooError.sampleWeights(
        beside: options.linearFit == nil ? "weights of classes" : "a linear fit, which has no use for them")
    }
    // Before its parameters are made, which may take all memory.
    let outputs = try head.summary(inputShape: featureShape).last?.outputShape.elementCount ?? 0
    try Self.check(outputs: outputs, classes: split.training.classes)
    try options.classMode?.check(outputs: outputs, split.training)
    var trainer = try options.trainer(head, inputShape: featureShape, samples: split.training.items.count)
    if options.linearFit != nil, options.augmentation.finiteVariantCount == nil, options.variants == nil {
      throw ModelZooError.endlessAugmentation
    }
    let training = try AugmentedFeatures(self, split.training, options, extraction)
    let validation = try split.validation.map { try features(of: $0, options: extraction) }
    record.featuresAreReady()
    let validationSamples = validation.map(\.samples)
    let skipped = training.skipped + (validation?.skipped ?? [])
    if let fit = options.linearFit {
      let fitted = try training.fit(head, fit, seed: options.seed)
      let history = try fitted.history(
        training.firstVariants, validation: validationSamples, loss: options.loss,
        metrics: options.metrics)
      return try TrainedModel(
        backbone: self, head: fitted.model, labels: split.training.classes, history: history,
        skipped: skipped,
        fit: fitted, record: record.judging(validation ?? training.firstTable, by: fitted.model))
    }
    if !training.isConstant {
      trainer.featuresOfEpoch = training.features
      trainer.featuresOfEpochDescription =
        "\(options.augmentation), \(options.variants.map { "\($0) variants" } ?? "variants as they come")"
    }
    let samples = training.firstVariants
    let rates = LearningRateRecorder()
    let history = try trainer.fit(
      samples.features, samples.labels, weights: samples.weights, classWeights: options.classWeights,
      validation: validationSamples,
      epochs: options.epochs, batchSize: options.batchSize, stepsPerEpoch: options.stepsPerEpoch,
      validationSteps: options.validationSteps, shuffle: options.shuffles, callbacks: [rates] + options.callbacks,
      resuming: options.checkpoint)
    record.learningRates = rates.rates
    return try TrainedModel(
      backbone: self, head: trainer.model, labels: split.training.classes, history: history, skipped: skipped,
      record: record.judging(validation ?? training.firstTable, by: trainer.model))
  }

  /// The same on a data set that is learnt from as a whole.
  public func train(
    _ head: Head, on dataset: Dataset, options: TrainingOptions = TrainingOptions(),
    extraction: ExtractionOptions = ExtractionOptions()
  ) throws -> TrainedModel {
    try train(head, on: .whole(dataset), options: options, extraction: extraction)
  }

  private static func check(outputs: Int, classes: [String]) throws(ModelZooError) {
    guard outputs == classes.count || outputs == 1 && classes.count == 2 else {
      throw .headDoesNotFit(outputs: outputs, classes: classes)
    }
  }
}

extension DatasetSplit {
  /// Refuses what no head can learn from.
  fileprivate func checkForTraining() throws(DatasetError) {
    guard training.classes.count >= 2 else {
      throw .tooFewClasses(place: training.place, found: training.classes)
    }
    for part in [training, validation].compactMap(\.self) where part.items.isEmpty {
      throw .noImages(place: part.place)
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
