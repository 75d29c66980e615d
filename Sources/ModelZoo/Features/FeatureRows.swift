public import Datasets

/// The images that the rows of a feature file belong to: a file name for each row, and a class where the data set has
/// classes.
public struct FeatureRows: Hashable, Sendable {
  /// The image of each row, as it was named or relative to the data set's folder.
  public var files: [String]
  /// The class of each row, an index into ``classNames``; empty without classes.
  public var labels: [Int]
  /// The names of the classes, in the order of their indices.
  public var classNames: [String]
  /// How much each row counts in training; empty where all count alike. Feature files do not keep it.
  public var weights: [Float]
  /// How many rows hold a value that is not finite; counted where features are computed.
  public var nonFiniteCount = 0

  /// Describes rows; `labels` and `weights` are empty or as long as `files`.
  public init(files: [String] = [], labels: [Int] = [], classNames: [String] = [], weights: [Float] = []) {
    self.files = files
    self.labels = labels
    self.classNames = classNames
    self.weights = weights
  }

  /// The rows there are when every image of `dataset` can be read.
  public init(_ dataset: Dataset) {
    self.init(
      files: dataset.items.map(\.name), labels: dataset.items.compactMap(\.label),
      classNames: dataset.classes,
      weights: dataset.items.compactMap(\.weight))
  }
}

extension FeatureRows {
  /// The rows at `indices`, in that order.
  package func keeping(_ indices: [Int]) -> FeatureRows {
    FeatureRows(
      files: indices.map { files[$0] }, labels: labels.isEmpty ? [] : indices.map { labels[$0] },
      classNames: classNames, weights: weights.isEmpty ? [] : indices.map { weights[$0] })
  }
}
