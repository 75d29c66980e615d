public import Tensors

/// A confusion matrix: how often samples of each true class were predicted as each class.
public struct ConfusionMatrix: Hashable, Sendable {
  /// `[true class][predicted class]`.
  public private(set) var counts: [[Int]]

  /// Makes a matrix of nothing; fewer than no classes are none.
  public init(classCount: Int) {
    let count = max(0, classCount)
    counts = [[Int]](repeating: [Int](repeating: 0, count: count), count: count)
  }

  /// Counts `predicted` against `labels`, class numbers from 0 both.
  ///
  /// - Throws: ``TrainingError`` when there are not as many of one as of the other, or a class is not below
  ///   `classCount`.
  public init(labels: [Int], predicted: [Int], classCount: Int) throws(TrainingError) {
    guard labels.count == predicted.count else {
      throw .count(place: "predictions", expected: labels.count, found: predicted.count)
    }
    self.init(classCount: classCount)
    for (index, (label, prediction)) in zip(labels, predicted).enumerated() {
      for found in [label, prediction] where found < 0 || found >= classCount {
        throw .label(index: index, expected: "a class from 0 to \(classCount - 1)", found: "\(found)")
      }
      counts[label][prediction] += 1
    }
  }

  /// Counts a head's outputs `[N, classes]`, or `[N, 1]` of a single output, against class numbers.
  ///
  /// - Parameters:
  ///   - labels: the true class of every sample, from 0.
  ///   - outputs: a row a sample; the largest of a row is the class that was meant.
  ///   - threshold: what a single output must exceed to mean class 1.
  /// - Throws: ``TrainingError`` when outputs and labels do not belong together.
  public init(labels: [Int], outputs: Tensor, threshold: Float = 0.5) throws(TrainingError) {
    guard outputs.shape.rank == 2, outputs.shape[1] > 0 else {
      throw .count(place: "axes of the outputs", expected: 2, found: outputs.shape.rank)
    }
    let width = outputs.shape[1]
    let predicted = (0..<outputs.shape[0]).map { row -> Int in
      let scores = outputs.scalars[row * width..<(row + 1) * width]
      return Accuracy.predictedClass(Array(scores).span, threshold: threshold)
    }
    try self.init(labels: labels, predicted: predicted, classCount: max(2, width))
  }

  /// The number of classes.
  public var classCount: Int { counts.count }

  /// The number of samples.
  public var total: Int { counts.reduce(0) { $0 + $1.reduce(0, +) } }

  /// The number of samples whose class was predicted correctly.
  public var correct: Int { counts.indices.reduce(0) { $0 + counts[$1][$1] } }

  /// The fraction of all samples that were predicted correctly; 0 without samples.
  public var accuracy: Double { Self.ratio(correct, total) }

  /// The samples of a class: its row. 0 for a number that is no class's.
  public func support(of label: Int) -> Int {
    counts.indices.contains(label) ? counts[label].reduce(0, +) : 0
  }

  /// The samples that were taken for a class: its column. 0 for a number that is no class's.
  public func predictions(of label: Int) -> Int {
    counts.indices.contains(label) ? counts.reduce(0) { $0 + $1[label] } : 0
  }

  static func ratio(_ part: Int, _ whole: Int) -> Double { whole == 0 ? 0 : Double(part) / Double(whole) }
}

/// Precision, recall and F1 of every class, as scikit-learn's `classification_report` has them: a measure with a
/// divisor of 0 counts as 0.
public struct ClassReport: Hashable, Sendable {
  /// One class, or a mean over classes.
  public struct Row: Hashable, Sendable {
    /// The fraction of the samples predicted as this class that belong to it.
    public var precision: Double
    /// The fraction of the samples of this class that were predicted as it.
    public var recall: Double
    /// The harmonic mean of precision and recall.
    public var f1: Double
    /// Samples of this class.
    public var support: Int
  }

  /// One a class, in order.
  public let classes: [Row]
  /// The mean over classes, each alike.
  public let macroAverage: Row
  /// The mean over classes, each weighted by its support.
  public let weightedAverage: Row
  /// The fraction of all samples that were predicted correctly.
  public let accuracy: Double

  /// Derives everything from a confusion matrix.
  public init(_ matrix: ConfusionMatrix) {
    classes = (0..<matrix.classCount).map { Row(matrix, $0) }
    accuracy = matrix.accuracy
    macroAverage = Self.mean(classes) { _ in 1 }
    weightedAverage = Self.mean(classes) { Double($0.support) }
  }

  private static func mean(_ rows: [Row], weight: (Row) -> Double) -> Row {
    let weights = rows.map(weight)
    let total = weights.reduce(0, +)
    func mean(_ value: (Row) -> Double) -> Double {
      total == 0 ? 0 : zip(rows, weights).reduce(0) { $0 + value($1.0) * $1.1 } / total
    }
    return Row(
      precision: mean(\.precision), recall: mean(\.recall), f1: mean(\.f1),
      support: rows.reduce(0) { $0 + $1.support })
  }
}

extension ClassReport.Row {
  fileprivate init(_ matrix: ConfusionMatrix, _ label: Int) {
    let hits = matrix.counts[label][label]
    let predictions = matrix.predictions(of: label)
    support = matrix.support(of: label)
    precision = ConfusionMatrix.ratio(hits, predictions)
    recall = ConfusionMatrix.ratio(hits, support)
    f1 = ConfusionMatrix.ratio(2 * hits, predictions + support)
  }
}
