/// What the rows of a feature file are rows of: a file name each, and a class where the folder had classes.
public struct FeatureRows: Hashable, Sendable {
  /// The image of each row, as it was named or relative to the data set's folder.
  public var files: [String]
  /// The class of each row, an index into ``classNames``; empty without classes.
  public var labels: [Int]
  /// The names of the classes, in the order of their indices.
  public var classNames: [String]

  /// Describes rows; `labels` is empty or as long as `files`.
  public init(files: [String] = [], labels: [Int] = [], classNames: [String] = []) {
    self.files = files
    self.labels = labels
    self.classNames = classNames
  }
}
