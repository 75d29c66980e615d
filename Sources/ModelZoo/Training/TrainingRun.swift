import Datasets
import Images
import Kernels
import Tensors
import Training

/// One training of a head on images whose features are there.
struct TrainingRun {
  private let backbone: Backbone
  private let start: TrainingStart
  private let options: TrainingOptions
  private let training: AugmentedFeatures
  private let validation: RowTable?
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
      try backbone.table(
        of: $0, as: .validation, .plain, options: extraction, beside: options.waitingCache(extraction),
        context)
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
      samples, classWeights: epochs.classWeights,
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
  /// The features of images in all variants; tells how it goes, and stops within a batch.
  ///
  /// - Parameter cache: where they may wait on the disk, if they are many; nil to hold them in memory.
  func table(
    of images: Dataset, as part: DatasetPart, _ variants: ImageVariants, options: ExtractionOptions,
    beside cache: FeatureCache?, _ context: JobContext<TrainingEvent>
  ) throws -> RowTable {
    try variants.check()
    let counts = (images: images.items.count, variants: variants.numbers.count)
    let byteCount = MemoryLimit.product(
      counts.images, counts.variants, featureShape.elementCount, MemoryLayout<Float>.size)
    if !RowStore.storesOnDisk(byteCount, cache) { try checkMemory(rows: counts.images, counts.variants) }
    let reader = try FeatureReader(self, images, variants, options) { event in
      context.report(.features(part, event))
    }
    var store = RowStore(byteCount: byteCount ?? 0, beside: cache)
    while let batch = try reader.next(context.cancellation) { try store.append(batch.outputs[0]) }
    let shape = TensorShape([reader.kept.count] + featureShape.dimensions)
    return RowTable(features: store.rows(shape), rows: reader.rows, skipped: reader.skipped)
  }
}

extension TrainingOptions {
  /// The cache beside which features may wait on the disk; nil where a linear fit needs all of them at a time.
  func waitingCache(_ extraction: ExtractionOptions) -> FeatureCache? {
    epochs == nil ? nil : extraction.cache
  }
}
