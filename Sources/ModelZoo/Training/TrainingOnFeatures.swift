public import Training

/// Training on features that are there, in the same three forms as on images: with the same split, seed and options the head is the
/// same, bit for bit. Features need not fit into memory: they are read as they are needed.
extension Backbone {
  /// Trains `head` on features of this backbone.
  ///
  /// ```swift
  /// let set = try FeatureSet(contentsOf: "features")
  /// let backbone = try Backbone(contentsOf: "backbone.zoo.safetensors", of: set)
  /// let split = try FeatureSplit(training: set, holdback: ValidationSplit(fraction: 0.2, seed: 7))
  /// try backbone.train(head, on: split).save(to: "animals.zoo.safetensors")
  /// ```
  ///
  /// The model does not know by their bytes which images it has learnt from, as one that was trained on images does.
  ///
  /// - Parameters:
  ///   - head: its last layer has one output per class, or one sigmoid for two classes.
  ///   - split: training rows, and validation rows to evaluate on after every epoch; the test part is not used.
  ///   - options: epochs, optimizer, loss and all else.
  /// - Throws: ``FeatureFileError/otherBackbone(path:archive:differences:)`` for features of another backbone,
  ///   ``FeatureFileError/needsImages(path:purpose:)`` for augmentation and for training layers of the backbone, and what training on
  ///   images throws.
  public func train(
    _ head: Head, on split: FeatureSplit, options: TrainingOptions = TrainingOptions()
  ) throws -> TrainedModel {
    try train(.head(head), .features(split), options, JobContext(cancellation: Cancellation()) { _ in })
  }

  /// Trains `head` on features without blocking a thread of the concurrency pool.
  ///
  /// - Throws: what the blocking call throws; `CancellationError`, within a step, in a task that is cancelled.
  public func train(
    _ head: Head, on split: FeatureSplit, options: TrainingOptions = TrainingOptions()
  ) async throws -> TrainedModel {
    try await startTraining(head, on: split, options: options).value
  }

  /// Starts to train `head` on features; the job reports its progress.
  ///
  /// - Returns: a job that throws what the blocking call throws while the head is trained.
  /// - Throws: at once, what the blocking call throws before that.
  public func startTraining(
    _ head: Head, on split: FeatureSplit, options: TrainingOptions = TrainingOptions()
  ) throws -> Job<TrainingEvent, TrainedModel> {
    try startTraining(.head(head), .features(split), options)
  }

  /// What a user should know before training `head` on `split` as `options` say; nothing is computed.
  public func warnings(
    training head: Head, on split: FeatureSplit, options: TrainingOptions = TrainingOptions()
  ) -> [String] {
    warnings(training: head, on: split.images, options: options)
  }
}

extension TrainedModel {
  /// Trains the head further on features of the model's backbone.
  ///
  /// - Parameters:
  ///   - split: training rows, and validation rows to evaluate on after every epoch, of the model's classes in its order.
  ///   - options: epochs, optimizer and all else; without a loss, that which the head was trained with.
  /// - Throws: what training it further on images throws, and what training a new head on features throws.
  public func train(
    on split: FeatureSplit, options: TrainingOptions = TrainingOptions()
  ) throws -> TrainedModel {
    try backbone.train(
      .model(self), .features(split), options, JobContext(cancellation: Cancellation()) { _ in })
  }

  /// Trains the head further on features without blocking a thread of the concurrency pool.
  ///
  /// - Throws: what the blocking call throws; `CancellationError`, within a step, in a task that is cancelled.
  public func train(
    on split: FeatureSplit, options: TrainingOptions = TrainingOptions()
  ) async throws -> TrainedModel {
    try await startTraining(on: split, options: options).value
  }

  /// Starts to train the head further on features; the job reports its progress.
  ///
  /// - Returns: a job that throws what the blocking call throws while the head is trained.
  /// - Throws: at once, what the blocking call throws before that.
  public func startTraining(
    on split: FeatureSplit, options: TrainingOptions = TrainingOptions()
  ) throws -> Job<TrainingEvent, TrainedModel> {
    try backbone.startTraining(.model(self), .features(split), options)
  }
}
