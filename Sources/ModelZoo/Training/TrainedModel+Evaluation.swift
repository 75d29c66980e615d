public import Datasets
import Tensors
public import Training

/// What measuring a model on pictures came to.
public struct Evaluation: Sendable {
  /// The mean loss and the metrics.
  public let logs: Logs
  /// How often pictures of each class were taken for each class.
  public let confusion: ConfusionMatrix
  /// Pictures that could not be read and were not measured.
  public let skipped: [SkippedPicture]
}

extension TrainedModel {
  /// Measures the model on pictures by class that it has not seen: Keras's `evaluate`.
  ///
  /// - Throws: ``DatasetError/otherClasses(place:expected:found:)`` when the classes are not the model's.
  public func evaluate(
    on dataset: Dataset, extraction: ExtractionOptions = ExtractionOptions()
  ) throws -> Logs {
    try evaluation(on: dataset, extraction: extraction).logs
  }

  /// The same with other metrics, and with what was taken for what.
  ///
  /// - Parameters:
  ///   - dataset: pictures of the model's classes.
  ///   - metrics: what is measured beside the loss.
  ///   - extraction: how features are computed, and who is told of it.
  /// - Throws: ``DatasetError/otherClasses(place:expected:found:)`` when the classes are not the model's.
  public func evaluation(
    on dataset: Dataset, metrics: [Metric] = [.accuracy],
    extraction: ExtractionOptions = ExtractionOptions()
  ) throws -> Evaluation {
    guard dataset.classes == labels else {
      throw DatasetError.otherClasses(place: dataset.place, expected: labels, found: dataset.classes)
    }
    guard !dataset.items.isEmpty else { throw DatasetError.noImages(place: dataset.place) }
    let table = try backbone.features(of: dataset, options: extraction)
    let outputs = head.probabilities(try head.predict(table.features))
    return Evaluation(
      logs: try Trainer(head, metrics: metrics).evaluate(table.samples, batchSize: extraction.batchSize),
      confusion: try ConfusionMatrix(labels: table.rows.labels, outputs: outputs), skipped: table.skipped)
  }
}
