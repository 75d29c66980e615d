public import Datasets
package import Tensors

/// What a trained model says of one picture.
public struct Prediction: Hashable, Sendable {
  /// A class and how likely the model thinks it.
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

  /// The picture, as it was named.
  public let file: String
  /// Every class, the most likely first; of equals, the first in the model's order.
  public let scores: [Score]

  package init(file: String, scores: [Score]) {
    self.file = file
    self.scores = scores
  }

  /// The name of the most likely class.
  public var label: String { scores[0].label }
  /// How likely the model thinks it.
  public var probability: Float { scores[0].probability }
}

extension TrainedModel {
  /// Classifies pictures.
  ///
  /// - Returns: one prediction for each readable picture, in their order, and the pictures that were left out.
  public func predict(
    _ pictures: Dataset, options: ExtractionOptions = ExtractionOptions()
  ) throws -> (predictions: [Prediction], skipped: [SkippedPicture]) {
    let table = try backbone.features(of: pictures, options: options)
    let outputs = head.probabilities(try head.predict(table.features, batchSize: options.batchSize))
    let predictions = table.rows.files.enumerated().map { row, file in
      prediction(of: outputs, row: row, file: file)
    }
    return (predictions, table.skipped)
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
