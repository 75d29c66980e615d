import Datasets
import Training

/// What a model says of the images of a data set, batch by batch, in order. Where there is a cache, features come from there
/// or go there, and the head runs on them alone; otherwise images go through the whole network at once.
final class AnswerReader {
  private let reader: FeatureReader
  /// What answers to features; nil where answers come out of the network.
  private let head: HeadPredictor?

  init(
    _ model: TrainedModel, _ images: Dataset, _ options: ExtractionOptions,
    report: @escaping @Sendable (ExtractionEvent) -> Void = { _ in }
  ) throws {
    let isCached = options.cache != nil
    let network = isCached ? model.backbone : try model.whole.network()
    reader = try FeatureReader(network, images, .plain, options, report: report)
    head =
      isCached
      ? try model.head.predictor(batchSize: max(1, options.batchSize), samples: images.items.count) : nil
  }

  /// The images that were left out so far.
  var skipped: [SkippedImage] { reader.skipped }
  /// What the answers so far are about.
  var rows: FeatureRows { reader.rows }

  /// The next batch, with the numbers of its images in the data set; nil after the last.
  ///
  /// - Throws: what reading features throws, and `TrainingError.answersNotFinite(found:)`.
  func next(_ cancellation: Cancellation) throws -> (indices: [Int], answers: HeadAnswers)? {
    guard let batch = try reader.next(cancellation) else { return nil }
    guard let head else {
      return (
        batch.indices,
        try HeadAnswers(scores: batch.outputs[0], outputs: batch.outputs[1], count: batch.indices.count)
          .checked()
      )
    }
    let features = batch.outputs[0]
    return (batch.indices, try head.answers(features.span).checked())
  }
}
