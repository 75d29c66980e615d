public import Datasets
import Images
import Tensors
public import Training

/// Training comes in three forms: one blocks, for scripts; one, which code that awaits gets, works elsewhere meanwhile; and
/// one is a job that tells how it goes. All come to the same, to the bit.
extension Backbone {
  /// Trains `head` on the images of `split`: the features are computed once, then the head is trained on them, in
  /// epochs or by a linear fit.
  ///
  /// - Parameters:
  ///   - head: its last layer has one output per class, or one sigmoid for two classes.
  ///   - split: training images, and validation images to evaluate on after every epoch; the test part is not used.
  ///   - options: epochs, optimizer, loss and all else.
  ///   - extraction: how features are computed, and who is told of it.
  /// - Throws: ``ModelZooError`` when data and head do not fit together, `DatasetError`, `TrainingError` for options
  ///   that are out of range, all before any feature is computed; `ImageError`, `ArchiveError` for damaged weights, and
  ///   what callbacks throw.
  public func train(
    _ head: Head, on split: DatasetSplit, options: TrainingOptions = TrainingOptions(),
    extraction: ExtractionOptions = ExtractionOptions()
  ) throws -> TrainedModel {
    try train(
      .head(head), .images(split, extraction), options, JobContext(cancellation: Cancellation()) { _ in })
  }

  /// Trains on a whole data set, without validation.
  ///
  /// - Throws: what training on a split throws.
  public func train(
    _ head: Head, on dataset: Dataset, options: TrainingOptions = TrainingOptions(),
    extraction: ExtractionOptions = ExtractionOptions()
  ) throws -> TrainedModel {
    try train(head, on: .whole(dataset), options: options, extraction: extraction)
  }

  /// Trains `head` without blocking a thread of the concurrency pool.
  ///
  /// - Throws: what the blocking call throws; `CancellationError`, within a batch of images or a step, in a task that
  ///   is cancelled.
  public func train(
    _ head: Head, on split: DatasetSplit, options: TrainingOptions = TrainingOptions(),
    extraction: ExtractionOptions = ExtractionOptions()
  ) async throws -> TrainedModel {
    try await startTraining(head, on: split, options: options, extraction: extraction).value
  }

  /// Starts to train `head`; the job reports its progress.
  ///
  /// ```swift
  /// let job = try backbone.startTraining(head, on: split, options: options)
  /// for await event in job.events {
  ///   if case .epochEnded(let epoch, let logs) = event { print(epoch, logs["val_accuracy"] ?? 0) }
  /// }
  /// let model = try await job.value
  /// ```
  ///
  /// A job that is cancelled stops within a batch of images or a step of training; once epochs have begun it leaves a
  /// checkpoint at ``EpochOptions/cancellationCheckpoint``, where that is given, and says so in an event.
  ///
  /// - Returns: a job that throws what the blocking call throws while features are computed and the head is trained.
  /// - Throws: at once, what the blocking call throws before any feature is computed.
  public func startTraining(
    _ head: Head, on split: DatasetSplit, options: TrainingOptions = TrainingOptions(),
    extraction: ExtractionOptions = ExtractionOptions()
  ) throws -> Job<TrainingEvent, TrainedModel> {
    try startTraining(.head(head), .images(split, extraction), options)
  }

  func startTraining(
    _ start: TrainingStart, _ material: TrainingMaterial, _ options: TrainingOptions
  ) throws -> Job<TrainingEvent, TrainedModel> {
    let material = try checked(start, material, options)
    _ = try options.fineTuning.map { try BackboneTail(of: self, by: $0) }
    return Job(superseding: TrainingEvent.supersedes) { context in
      try train(start, material, options, context)
    }
  }

  func train(
    _ start: TrainingStart, _ material: TrainingMaterial, _ options: TrainingOptions,
    _ context: JobContext<TrainingEvent>
  ) throws -> TrainedModel {
    let material = try checked(start, material, options)
    // Made first: loss, metrics and optimizer are refused before any image is read.
    let divided = try options.fineTuning.map { try DividedBackbone(self, by: $0) }
    let trainer = try options.trainer(start, on: self, divided, images: material.split.training.items.count)
    for warning in material.warnings(start, options, self)
      + (divided.flatMap { divided in options.fineTuning.map(divided.tail.warnings) } ?? [])
    {
      context.report(.warning(warning))
    }
    var run = try TrainingRun(self, start, divided, material, options, context)
    switch options.fit {
    case .epochs(let epochs): return try run.train(trainer, epochs)
    case .linear(let fit): return try run.fit(start.head, by: fit)
    }
  }

  private func checked(
    _ start: TrainingStart, _ material: TrainingMaterial, _ options: TrainingOptions
  ) throws -> TrainingMaterial {
    try material.check(options, self)
    let material = try material.checked(start, options)
    try options.check(start.head, on: material.split, featureShape: featureShape)
    try network.checkNames(beside: start.head, reading: featureShape)
    return material
  }
}

extension TrainingOptions {
  /// What trains a head, and what of the backbone is divided off, with the learning rate of so many training images; of a linear
  /// fit, what measures it.
  fileprivate func trainer(
    _ start: TrainingStart, on backbone: Backbone, _ divided: DividedBackbone?, images: Int
  ) throws -> Trainer {
    let optimizer = epochs?.scheduledOptimizer(images: images) ?? .adam()
    var model: HeadModel
    switch (start, divided) {
    case (.head(let head), nil):
      return try Trainer(
        head: head, inputShape: backbone.featureShape, loss: loss, optimizer: optimizer, metrics: metrics,
        seed: seed)
    case (.head(let head), let divided?):
      model = try HeadModel(head, behind: divided.tail, seed: seed) { try backbone.tensor(named: $0) }
    case (.model(let former), nil): model = former.head
    case (.model(let former), let divided?):
      model = try former.head.behind(divided.tail) { try backbone.tensor(named: $0) }
    }
    if divided != nil { model.pool = backbone.pool }
    var trainer = try Trainer(model, loss: loss, optimizer: optimizer, metrics: metrics, seed: seed)
    if let former = start.model { trainer.start = "the model \(former.file?.digest ?? "in memory")" }
    if divided != nil, let fineTuning {
      trainer.start += ", on layers of the archive \(backbone.digest ?? "in memory")"
      try trainer.setBackbone(headEpochs: fineTuning.headEpochs, learningRate: fineTuning.learningRate)
      trainer.batchMemory = fineTuning.batchMemory
    }
    return trainer
  }
}
