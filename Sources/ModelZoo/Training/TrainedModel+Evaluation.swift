public import Datasets
import Tensors
public import Training

/// The result of evaluating a model on images.
public struct Evaluation: Sendable {
  /// The mean loss and the metrics.
  public let logs: Logs
  /// The confusion matrix: how often images of each true class were predicted as each class.
  public let confusion: ConfusionMatrix
  /// Images that could not be read and were not measured.
  public let skipped: [SkippedImage]
}

extension TrainedModel {
  /// Evaluates the model on labelled images: Keras's `evaluate`.
  ///
  /// - Throws: `DatasetError.otherClasses(place:expected:found:)` when the classes are not the model's,
  ///   `DatasetError.noImages(place:)`, `TrainingError` for metrics that do not fit the head, `ImageError`.
  public func evaluate(
    on dataset: Dataset, extraction: ExtractionOptions = ExtractionOptions()
  ) throws -> Logs {
    try evaluation(on: dataset, extraction: extraction).logs
  }

  /// The same without blocking a thread of the concurrency pool.
  ///
  /// - Throws: what the blocking call throws; `CancellationError`, within a batch, in a task that is cancelled.
  public func evaluate(
    on dataset: Dataset, extraction: ExtractionOptions = ExtractionOptions()
  ) async throws -> Logs {
    try await startEvaluation(on: dataset, extraction: extraction).value.logs
  }

  /// Evaluates the model with given metrics and a confusion matrix. Blocks the calling thread; with `await` the form
  /// that does not is called.
  ///
  /// - Parameters:
  ///   - dataset: images of the model's classes, in any order: each goes by its name.
  ///   - metrics: the metrics that are computed in addition to the loss.
  ///   - extraction: how features are computed, and who is told of it.
  /// - Throws: `DatasetError.otherClasses(place:expected:found:)` when the classes are not the model's,
  ///   `DatasetError.noImages(place:)`, `TrainingError` for metrics that do not fit the head, `ImageError`.
  public func evaluation(
    on dataset: Dataset, metrics: [Metric] = [.accuracy],
    extraction: ExtractionOptions = ExtractionOptions()
  ) throws -> Evaluation {
    try evaluation(dataset, metrics, extraction, JobContext(cancellation: Cancellation()) { _ in })
  }

  /// Evaluates the model without blocking a thread of the concurrency pool.
  ///
  /// - Throws: what the blocking call throws; `CancellationError`, within a batch, in a task that is cancelled.
  public func evaluation(
    on dataset: Dataset, metrics: [Metric] = [.accuracy],
    extraction: ExtractionOptions = ExtractionOptions()
  ) async throws -> Evaluation {
    try await startEvaluation(on: dataset, metrics: metrics, extraction: extraction).value
  }

  /// Starts to evaluate the model; the job reports its progress, and stops within a batch when it is cancelled.
  ///
  /// - Returns: a job that throws what the blocking call throws.
  public func startEvaluation(
    on dataset: Dataset, metrics: [Metric] = [.accuracy],
    extraction: ExtractionOptions = ExtractionOptions()
  ) -> Job<ExtractionEvent, Evaluation> {
    Job(superseding: ExtractionEvent.supersedes) { context in
      try evaluation(dataset, metrics, extraction, context)
    }
  }

  private func evaluation(
    _ dataset: Dataset, _ metrics: [Metric], _ extraction: ExtractionOptions,
    _ context: JobContext<ExtractionEvent>
  ) throws -> Evaluation {
    let dataset = dataset.arranged(in: labels) ?? dataset
    try check(classes: dataset.classes, isEmpty: dataset.items.isEmpty, of: dataset.place)
    let trainer = try Trainer(head, loss: lossOfScores, metrics: metrics)
    let reader = try AnswerReader(self, dataset, extraction, report: context.report)
    var answers = HeadAnswers()
    while let batch = try reader.next(context.cancellation) { answers.append(batch.answers) }
    return try evaluation(answers, reader.rows, by: trainer, skipped: reader.skipped)
  }

  /// Refuses other classes than the model's, and nothing to measure.
  func check(classes: [String], isEmpty: Bool, of place: String) throws(DatasetError) {
    guard classes == labels else { throw .otherClasses(place: place, expected: labels, found: classes) }
    guard !isEmpty else { throw .noImages(place: place) }
  }

  /// What the answers about `rows` come to.
  func evaluation(
    _ answers: HeadAnswers, _ rows: FeatureRows, by trainer: Trainer, skipped: [SkippedImage]
  ) throws -> Evaluation {
    Evaluation(
      logs: try trainer.evaluate(
        answers, .classes(rows.labels), weights: rows.weights.isEmpty ? nil : rows.weights),
      confusion: try ConfusionMatrix(labels: rows.labels, outputs: try probabilities(answers)),
      skipped: skipped)
  }

  /// Of a whole model that ends in scores, and does not say how it was trained, the loss that makes of them the probabilities
  /// which predictions are; nil for a head that has or determines its loss.
  var lossOfScores: Loss? {
    guard head.loss == nil, history.epochs.isEmpty, (try? Loss.suited(to: head.head)) == nil else {
      return nil
    }
    // Probabilities that were pooled or put together have no scores that a cross-entropy would read.
    if head.head.givesProbabilities { return Loss(.meanSquaredError) }
    guard head.head.outputActivation == .linear else { return nil }
    return Loss(head.outputCount == 1 ? .binaryCrossEntropy : .categoricalCrossEntropy, fromLogits: true)
  }
}
