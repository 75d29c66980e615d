import Datasets
import Images
import Tensors
import Training

/// One training of a head on pictures whose features are there.
struct TrainingRun {
  private let backbone: Backbone
  private let options: TrainingOptions
  private let training: AugmentedFeatures
  private let validation: FeatureTable?
  private var record: TrainingRecord

  /// Computes what can be computed ahead.
  init(
    _ backbone: Backbone, _ split: DatasetSplit, _ options: TrainingOptions, _ extraction: ExtractionOptions
  ) throws {
    (self.backbone, self.options) = (backbone, options)
    record = TrainingRecord(split, options)
    training = try AugmentedFeatures(backbone, split.training, options, extraction)
    validation = try split.validation.map { try backbone.features(of: $0, options: extraction) }
    record.featuresAreReady()
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
    let history = try trainer.fit(
      samples.features, samples.labels, weights: samples.weights, classWeights: epochs.classWeights,
      validation: validation?.samples, epochs: epochs.count, batchSize: epochs.batchSize,
      stepsPerEpoch: epochs.stepsPerEpoch, validationSteps: epochs.validationSteps, shuffle: epochs.shuffles,
      callbacks: [rates] + epochs.callbacks, resuming: epochs.checkpoint)
    record.learningRates = rates.rates
    return try model(trainer.model, history)
  }

  /// Fits a linear head.
  func fit(_ head: Head, by fit: LinearFit) throws -> TrainedModel {
    let fitted = try training.fit(head, fit, seed: options.seed)
    let history = try fitted.history(
      training.firstVariants, validation: validation?.samples, loss: options.loss, metrics: options.metrics)
    return try model(fitted.model, history, fit: fitted)
  }

  private func model(_ head: HeadModel, _ history: History, fit: FittedHead? = nil) throws -> TrainedModel {
    try TrainedModel(
      backbone: backbone, head: head, labels: record.split.training.classes, history: history,
      skipped: training.skipped + (validation?.skipped ?? []), fit: fit,
      record: record.judging(validation ?? training.firstTable, by: head))
  }
}
