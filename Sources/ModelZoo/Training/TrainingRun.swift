import Datasets
import Images
import Kernels
import Machine
import Tensors
import Training

/// One training of a head on images whose features are there.
struct TrainingRun {
  /// What the head is trained on, or the whole of what is divided.
  private let backbone: Backbone
  private let start: TrainingStart
  private let divided: DividedBackbone?
  private let material: TrainingMaterial
  private let options: TrainingOptions
  private let training: AugmentedFeatures
  private let validation: RowTable?
  private var record: TrainingRecord
  private let context: JobContext<TrainingEvent>

  /// Computes what can be computed ahead.
  init(
    _ backbone: Backbone, _ start: TrainingStart, _ divided: DividedBackbone?, _ material: TrainingMaterial,
    _ options: TrainingOptions, _ context: JobContext<TrainingEvent>
  ) throws {
    (self.backbone, self.start, self.divided) = (backbone, start, divided)
    (self.material, self.options, self.context) = (material, options, context)
    let reader = divided?.frozen ?? backbone
    record = TrainingRecord(material.split, options, features: material.place)
    switch material {
    case .images(let split, let extraction):
      training = try AugmentedFeatures(reader, split.training, options, extraction, context)
      validation = try split.validation.map {
        try reader.table(
          of: $0, as: .validation, .plain, options: extraction, beside: options.waitingCache(extraction),
          context)
      }
    case .features(let split):
      training = AugmentedFeatures(reader, split, options, context)
      validation = split.validation.map(RowTable.init)
    }
    record.featuresAreReady()
    for lost in material.split.training.unreadableClasses(
      without: material.lost + training.skipped.map(\.path))
    {
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
    // Of layers that are trained a checkpoint has what resumes, and no model: that would be of the archive's own.
    if divided == nil { trainer.sectionsOfCheckpoint = sectionsOfCheckpoint(learnt) }
    let history = try trainer.fit(
      samples, classWeights: epochs.classWeights,
      validation: validation?.samples, epochs: epochs.count, batchSize: epochs.batchSize,
      stepsPerEpoch: epochs.stepsPerEpoch, validationSteps: epochs.validationSteps,
      validationBatchSize: epochs.validationBatchSize, shuffle: epochs.shuffles,
      callbacks: [rates] + epochs.callbacks + [end], resuming: epochs.checkpoint)
    record.learnt(at: rates.rates, epochs: history.epochs.count, backboneFactor: trainer.backboneFactor)
    return try model(trainer.model, history, learnt)
  }

  /// What makes a model of a checkpoint of this training.
  private func sectionsOfCheckpoint(
    _ learnt: LearntImages
  ) -> @Sendable (HeadModel, History) throws -> [String: String] {
    { [backbone, labels = record.split.training.classes, origin = start.model?.file] head, history in
      try ModelSections.ofCheckpoint(
        TrainedModel(
          backbone: backbone, head: head, labels: labels, history: history, learntImages: learnt,
          origin: origin, fineTuning: backbone.fineTuning?.frozen))
    }
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
    let images = try material.learnt(without: Set(training.skipped.map(\.path)), context.cancellation)
    return [start.model?.learntImages, backbone.learntImages].compactMap(\.self).reduce(images) {
      $0.union($1)
    }
  }

  private func model(
    _ head: HeadModel, _ history: History, _ learnt: LearntImages, fit: FittedHead? = nil
  ) throws -> TrainedModel {
    let learns = options.fineTuning?.learns(in: history) ?? false
    let tuned = learns ? head.tunedTensors : [:]
    if !learns, let warning = options.fineTuning?.warning(of: history) { context.report(.warning(warning)) }
    var own = try tuned.isEmpty ? backbone : backbone.replacing(tuned)
    own.fineTuning =
      try learns
      ? divided?.record.following(backbone.fineTuning, in: backbone.network) : backbone.fineTuning?.frozen
    return try TrainedModel(
      backbone: own, head: head.withoutTail,
      labels: record.split.training.classes, history: history,
      skipped: training.skipped + (validation?.skipped ?? []), fit: fit,
      record: record.evaluating(validation ?? training.firstTable, by: head),
      learntImages: learnt, origin: start.model?.file, fineTuning: own.fineTuning)
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
      counts.images, counts.variants, rowShape.elementCount, MemoryLayout<Float>.size)
    if !RowStore.storesOnDisk(byteCount, cache) { try checkMemory(rows: counts.images, counts.variants) }
    let reader = try FeatureReader(self, images, variants, options) { event in
      context.report(.features(part, event))
    }
    var store = RowStore(byteCount: byteCount ?? 0, beside: cache)
    while let batch = try reader.next(context.cancellation) { try store.append(rows(of: batch)) }
    let shape = TensorShape([reader.kept.count] + rowShape.dimensions)
    return RowTable(features: store.rows(shape), rows: reader.rows, skipped: reader.skipped)
  }

  /// The rows of a batch, of several layers one after the other.
  private func rows(of batch: FeatureReader.Batch) -> [Float] {
    guard batch.outputs.count > 1 else { return batch.outputs[0] }
    let widths = plan.outputs.map(\.shape.elementCount)
    var scalars: [Float] = []
    for row in batch.indices.indices {
      for (output, width) in zip(batch.outputs, widths) { scalars += output[row * width..<(row + 1) * width] }
    }
    return scalars
  }
}

extension TrainingOptions {
  /// The cache beside which features may wait on the disk; nil where a linear fit needs all of them at a time.
  func waitingCache(_ extraction: ExtractionOptions) -> FeatureCache? {
    epochs == nil ? nil : extraction.cache
  }
}
