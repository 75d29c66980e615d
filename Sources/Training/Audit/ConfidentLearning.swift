public import Tensors

/// Labels that out-of-fold probabilities dispute with confidence: confident learning (Northcutt, Jiang and Chuang, "Confident
/// Learning: Estimating Uncertainty in Dataset Labels", JAIR 70, 2021), as in cleanlab's
/// `find_label_issues(filter_by="confident_learning")`.
///
/// The threshold of a class is the mean probability of that class over the samples labelled with it. A label is disputed where
/// another class is beyond its threshold, the most probable one of those that are, and the label is not the most probable class.
/// Classes that are as good as equally probable dispute nothing.
public struct ConfidentLearning: Hashable, Sendable {
  /// A label that is disputed.
  public struct Dispute: Hashable, Sendable {
    /// The sample.
    public let index: Int
    /// The class that it is labelled with.
    public let label: Int
    /// The class that is suggested instead.
    public let suggestion: Int
    /// The probability of the label.
    public let labelProbability: Float
    /// The probability of the suggestion.
    public let suggestionProbability: Float
  }

  /// For each class, how probable it must be to be confident of it.
  public let thresholds: [Float]
  /// The disputed labels: first those whose suggestion is most more probable than the label; of equals, in the order of the
  /// samples.
  public let disputes: [Dispute]

  /// Probabilities that are as good as equal.
  private static let rounding: Float = 1e-6
  /// How many times as probable as the label a suggestion must be more than.
  private static let margin: Float = 1.001

  /// Finds the disputed labels.
  ///
  /// - Parameters:
  ///   - probabilities: `[N, classes]`, of samples that the probabilities do not come from.
  ///   - labels: the class of every sample, from 0.
  /// - Throws: ``TrainingError`` when there are not as many of one as of the other, or a label is not a class.
  public init(probabilities: Tensor, labels: [Int]) throws(TrainingError) {
    guard probabilities.shape.rank == 2, probabilities.shape[0] == labels.count else {
      throw .count(
        place: "rows of the probabilities", expected: labels.count,
        found: probabilities.shape.dimensions.first ?? 0)
    }
    let count = probabilities.shape[1]
    for (index, label) in labels.enumerated() where !(0..<count).contains(label) {
      throw .label(index: index, expected: "a class from 0 to \(count - 1)", found: "\(label)")
    }
    let rows = labels.indices.map { probabilities.scalars[$0 * count..<($0 + 1) * count] }
    let thresholds = Self.thresholds(rows, labels, count)
    self.thresholds = thresholds
    let found = labels.indices.compactMap { Self.dispute($0, labels[$0], rows[$0], thresholds) }
    disputes = found.sorted {
      ($0.labelProbability - $0.suggestionProbability, $0.index)
        < ($1.labelProbability - $1.suggestionProbability, $1.index)
    }
  }

  /// The mean probability of each class over the samples that have its label; 1 for a class without any.
  private static func thresholds(_ rows: [ArraySlice<Float>], _ labels: [Int], _ count: Int) -> [Float] {
    var (sums, counts) = ([Double](repeating: 0, count: count), [Int](repeating: 0, count: count))
    for (row, label) in zip(rows, labels) {
      sums[label] += Double(row[row.startIndex + label])
      counts[label] += 1
    }
    return zip(sums, counts).map { sum, count in count == 0 ? 1 : Float(sum / Double(count)) }
  }

  private static func dispute(
    _ index: Int, _ label: Int, _ row: ArraySlice<Float>, _ thresholds: [Float]
  ) -> Dispute? {
    let probabilities = Array(row)
    let confident = probabilities.indices.filter { probabilities[$0] >= thresholds[$0] - rounding }
    let order = { (left: Int, right: Int) in probabilities[left] < probabilities[right] }
    guard let suggestion = confident.reversed().max(by: order), suggestion != label,
      probabilities.indices.reversed().max(by: order) != label,
      probabilities[suggestion] > probabilities[label] * margin
    else { return nil }
    return Dispute(
      index: index, label: label, suggestion: suggestion, labelProbability: probabilities[label],
      suggestionProbability: probabilities[suggestion])
  }
}
