import Datasets
import Images
import Tensors
import Training

/// One training of a head on images whose features are there.
struct TrainingRun {
  private let backbone: Backbone
  private let start: TrainingStart
  private let options: TrainingOptions
  private let training: AugmentedFeatures
  private let validation: FeatureTable?
  private var record: TrainingRecord
  private let context: JobContext<TrainingEvent>

  /// Computes what can be computed ahead.
  init(
    _ backbone: Backbone, _ start: TrainingStart, _ split: DatasetSplit, _ options: TrainingOptions,
    _ extraction: ExtractionOptions, _ context: JobContext<TrainingEvent>
  ) throws {
    (self.backbone, self.start, self.options, self.context) = (backbone, start, options, context)
    record = TrainingRecord(split, options)
    training = try AugmentedFeatures(backbone, split.training, options, extraction, context)
    validation = try split.validation.map {
      try backbone.table(of: $0, as: .validation, .plain, options: extraction, context)
    }
    record.featuresAreReady()
    for lost in split.training.unreadableClasses(without: training.skipped.map(\.path)) {
      context.report(.warning(lost.description))
    }
  }

  /// Trains in epochs.
  mutating func train(_ trainer: Trainer, _ epochs: EpochOptions) throws -> TrainedModel {
    var trainer = trainer
    if !training.isConstant {
      trainer.featuresOfEpoch = training.features
      trainer.featuresOfEpochDescription =
        "\(options.augmentation), \(options.variants.map { "\($0) variants" } ?? "variants as they come")"
    }
    let samples = training.firstVariants
    let rates = LearningRateRecorder()
    let end = JobCallback(context, checkpoint: epochs.cancellationCheckpoint, beside: epochs.callbacks)
    let learnt = try learntImages()
    trainer.sectionsOfCheckpoint = {
      [backbone, labels = record.split.training.classes, origin = start.model?.file] head, history in
      try ModelSections.ofCheckpoint(
        TrainedModel(
          backbone: backbone, head: head, labels: labels, history: history, learntImages: learnt,
          origin: origin))
    }
    let history = try trainer.fit(
      samples.features, samples.labels, weights: samples.weights, classWeights: epochs.classWeights,
      validation: validation?.samples, epochs: epochs.count, batchSize: epochs.batchSize,
      stepsPerEpoch: epochs.stepsPerEpoch, validationSteps: epochs.validationSteps,
      validationBatchSize: epochs.validationBatchSize, shuffle: epochs.shuffles,
      callbacks: [rates] + epochs.callbacks + [end], resuming: epochs.checkpoint)
    record.learningRates = rates.rates
    return try model(trainer.model, history, learnt)
  }

  /// Fits a linear head.
  func fit(_ head: Head, by fit: LinearFit) throws -> TrainedModel {
    let fitted = try training.fit(head, fit, seed: options.seed)
    try context.cancellation.check()
    let history = try fitted.history(
      training.firstVariants, validation: validation?.samples, loss: options.loss, metrics: options.metrics)
    return try model(fitted.model, history, learntImages(), fit: fitted)
  }

  private func learntImages() throws -> LearntImages {
    let lost = Set(training.skipped.map(\.path))
    let learnt = record.split.training.items.filter { !lost.contains($0.path) }.map(\.location)
    let images = try LearntImages(learnt, holdback: record.split.method, context.cancellation)
    return start.model?.learntImages.map(images.union) ?? images
  }

  private func model(
    _ head: HeadModel, _ history: History, _ learnt: LearntImages, fit: FittedHead? = nil
  ) throws -> TrainedModel {
    try TrainedModel(
      backbone: backbone, head: head, labels: record.split.training.classes, history: history,
      skipped: training.skipped + (validation?.skipped ?? []), fit: fit,
      record: record.evaluating(validation ?? training.firstTable, by: head),
      learntImages: learnt, origin: start.model?.file)
  }
}

extension Backbone {
  /// The features of a part of the images; tells how it goes, and stops within a batch.
  func table(
    of images: Dataset, as part: DatasetPart, _ variants: ImageVariants, options: ExtractionOptions,
    _ context: JobContext<TrainingEvent>
  ) throws -> FeatureTable {
    try table(of: images, variants, options, context.cancellation) { event in
      context.report(.features(part, event))
    }
  }

  /// The features of images in all variants; tells how it goes, and stops within a batch of `cancellation`.
  func table(
    of images: Dataset, _ variants: ImageVariants, _ options: ExtractionOptions,
    _ cancellation: Cancellation, report: @escaping @Sendable (ExtractionEvent) -> Void
  ) throws -> FeatureTable {
    try variants.check()
    try checkMemory(rows: images.items.count, variants.numbers.count)
    let reader = try FeatureReader(self, images, variants, options, report: report)
    var scalars: [Float] = []
    scalars.reserveCapacity(images.items.count * variants.numbers.count * featureShape.elementCount)
    while let batch = try reader.next(cancellation) { scalars += batch.outputs[0] }
    let shape = TensorShape([reader.kept.count] + featureShape.dimensions)
    return FeatureTable(
      features: Tensor(shape: shape, scalars: scalars), rows: reader.rows, skipped: reader.skipped)
  }
}
