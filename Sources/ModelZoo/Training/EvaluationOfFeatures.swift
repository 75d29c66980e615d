import Datasets
public import Training

/// Measuring a model on features of its backbone that are there: what it says is what it says of their images, bit for bit.
extension TrainedModel {
  /// Evaluates the model on features: Keras's `evaluate`.
  ///
  /// - Throws: what ``startEvaluation(on:metrics:)`` says its job throws.
  public func evaluate(on features: FeatureSet) throws -> Logs {
    try evaluation(on: features, [.accuracy], JobContext(cancellation: Cancellation()) { _ in }).logs
  }

  /// Evaluates the model on features without blocking a thread of the concurrency pool.
  ///
  /// - Throws: what the blocking call throws; `CancellationError`, within a batch, in a task that is cancelled.
  public func evaluate(on features: FeatureSet) async throws -> Logs {
    try await startEvaluation(on: features).value.logs
  }

  /// Starts to evaluate the model on features, with a confusion matrix; they are read as they are needed.
  ///
  /// ```swift
  /// let features = try FeatureSet(contentsOf: "features").selecting(classes: model.labels)
  /// print(try await model.startEvaluation(on: features).value.logs)
  /// ```
  ///
  /// - Parameters:
  ///   - features: rows of the model's classes, in its order: ``FeatureSet/selecting(classes:)`` makes them so.
  ///   - metrics: the metrics that are computed in addition to the loss.
  /// - Returns: a job that throws `DatasetError.otherClasses(place:expected:found:)` when the classes are not the model's,
  ///   `DatasetError.noImages(place:)`, ``FeatureFileError/otherBackbone(path:archive:differences:)`` for features of another backbone,
  ///   `TrainingError` for metrics that do not fit the head and for rows that hold a value which is not finite, and `FileError`.
  public func startEvaluation(
    on features: FeatureSet, metrics: [Metric] = [.accuracy]
  ) -> Job<ExtractionEvent, Evaluation> {
    Job(superseding: ExtractionEvent.supersedes) { context in
      try evaluation(on: features, metrics, context)
    }
  }

  private func evaluation(
    on features: FeatureSet, _ metrics: [Metric], _ context: JobContext<ExtractionEvent>
  ) throws -> Evaluation {
    try features.checkLabels()
    try features.check(backbone)
    try check(classes: features.rows.classNames, isEmpty: features.count == 0, of: features.path)
    let trainer = try Trainer(head, loss: lossOfScores, metrics: metrics)
    let batch = 32
    let predictor = try head.predictor(batchSize: batch, samples: features.count)
    var answers = HeadAnswers()
    var nonFinite = 0
    for start in stride(from: 0, to: features.count, by: batch) {
      try context.cancellation.check()
      let rows = start..<min(start + batch, features.count)
      let answer = try features.withRows(rows) { numbers in
        nonFinite += numbers.nonFiniteCount(rows: rows.count)
        return try predictor.answers(numbers)
      }
      if nonFinite == 0 { _ = try answer.checked() }
      answers.append(answer)
      context.report(.images(done: rows.upperBound, total: features.count))
    }
    try features.refuse(nonFinite: nonFinite)
    return try evaluation(answers, features.rows, by: trainer, skipped: [])
  }
}
