public import Datasets
package import Tensors
import Training

/// A trained model's prediction for one image.
public struct Prediction: Hashable, Sendable {
  /// A class and its probability.
  public struct Score: Hashable, Sendable {
    /// The name of the class.
    public let label: String
    /// In [0, 1]; over all classes the sum is 1.
    public let probability: Float

    package init(label: String, probability: Float) {
      self.label = label
      self.probability = probability
    }
  }

  /// The image, as it was named.
  public let file: String
  /// Every class, the most likely first; of equals, the first in the model's order.
  public let scores: [Score]

  package init(file: String, scores: [Score]) {
    self.file = file
    self.scores = scores
  }

  /// The name of the most likely class.
  public var label: String { scores[0].label }
  /// Its probability.
  public var probability: Float { scores[0].probability }
}

extension TrainedModel {
  /// Classifies images as they are read, one prediction for each that can be, in their order: memory stays the same
  /// however many there are.
  ///
  /// ```swift
  /// for try await prediction in model.predictions(of: dataset) { print(prediction.file, prediction.label) }
  /// ```
  ///
  /// Scripts call ``BatchedSequence/wait(_:)``.
  ///
  /// - Parameters:
  ///   - images: what to classify.
  ///   - options: how it is done; ``ExtractionOptions/batchSize`` images are classified at a time.
  ///   - report: told what happens meanwhile, such as which images cannot be read, on a thread of the library's.
  /// - Returns: a sequence that throws `ImageError` for the first unreadable image where the options say so,
  ///   ``ModelZooError/nothingReadable(count:first:)`` after the last, and `ArchiveError` for damaged weights.
  public func predictions(
    of images: Dataset, options: ExtractionOptions = ExtractionOptions(),
    report: @escaping @Sendable (ExtractionEvent) -> Void = { _ in }
  ) -> BatchedSequence<Prediction> {
    BatchedSequence {
      let reader = try AnswerReader(self, images, options, report: report)
      return { cancellation in
        try reader.next(cancellation).map {
          try predictions($0.answers, $0.indices.map { images.items[$0].name })
        }
      }
    }
  }

  /// What the head's answers say of images, one after the other.
  func predictions(_ answers: HeadAnswers, _ files: [String]) throws -> [Prediction] {
    let outputs = try probabilities(answers)
    return files.enumerated().map { row, file in prediction(of: outputs, row: row, file: file) }
  }

  /// `[N, outputs]`, each in [0, 1].
  func probabilities(_ answers: HeadAnswers) throws -> Tensor {
    try head.probabilities(
      Tensor(shape: TensorShape([answers.count, head.outputCount]), scalars: answers.outputs))
  }

  /// Classifies images. Blocks the calling thread; with `await` the form that does not is called.
  ///
  /// - Returns: one prediction for each readable image, in their order, and the images that were left out.
  /// - Throws: what the sequence of ``predictions(of:options:report:)`` throws.
  public func predict(
    _ images: Dataset, options: ExtractionOptions = ExtractionOptions()
  ) throws -> (predictions: [Prediction], skipped: [SkippedImage]) {
    try predictions(of: images, options, Cancellation())
  }

  /// Classifies images without blocking a thread of the concurrency pool.
  ///
  /// - Throws: what the blocking call throws; `CancellationError`, within a batch, in a task that is cancelled.
  public func predict(
    _ images: Dataset, options: ExtractionOptions = ExtractionOptions()
  ) async throws -> (predictions: [Prediction], skipped: [SkippedImage]) {
    try await Job<ExtractionEvent, (predictions: [Prediction], skipped: [SkippedImage])> { context in
      try predictions(of: images, options, context.cancellation)
    }.value
  }

  private func predictions(
    of images: Dataset, _ options: ExtractionOptions, _ cancellation: Cancellation
  ) throws -> (predictions: [Prediction], skipped: [SkippedImage]) {
    let reader = try AnswerReader(self, images, options)
    var all: [Prediction] = []
    while let batch = try reader.next(cancellation) {
      all += try predictions(batch.answers, batch.indices.map { images.items[$0].name })
    }
    return (all, reader.skipped)
  }

  /// What row `row` of the head's outputs `[N, outputs]` says of `file`.
  package func prediction(of outputs: Tensor, row: Int, file: String) -> Prediction {
    Prediction(file: file, scores: scores(outputs, row))
  }

  private func scores(_ outputs: Tensor, _ row: Int) -> [Prediction.Score] {
    let width = head.outputCount
    var probabilities = Array(outputs.scalars[row * width..<(row + 1) * width])
    if width == 1 { probabilities = [1 - probabilities[0], probabilities[0]] }
    let order = probabilities.indices.sorted {
      (-probabilities[$0], $0) < (-probabilities[$1], $1)
    }
    return order.map { Prediction.Score(label: labels[$0], probability: probabilities[$0]) }
  }
}
