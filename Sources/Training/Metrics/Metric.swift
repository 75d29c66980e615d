import Encoding
import Tensors

/// A metric that is computed in addition to the loss, by Keras's name.
///
/// Behind one output a class is predicted by which side of one half it lies on (of zero, for logits and
/// margins); behind several by the largest, or, where every output is a yes or no of its own behind a binary
/// cross-entropy, each by its side. Precision, recall, F1 and the area under the curve are those of the yes
/// behind one output, else the plain mean over all classes: scikit-learn's `macro`, which Keras's `Precision`
/// and `Recall` are not. No metric knows weights.
public enum Metric: Hashable, Sendable, Codable {
  /// The fraction of the samples whose class was predicted correctly.
  case accuracy
  /// ``accuracy`` under the name that it has where Keras is asked for `metrics=['acc']`, as in Keras 1 and 2: `acc`, `val_acc`.
  case acc
  /// The fraction of all outputs that lie on the correct side of the threshold, each on its own.
  case binaryAccuracy
  /// ``accuracy`` by another name; behind one output it is always 1, as in Keras.
  case categoricalAccuracy
  /// ``accuracy`` by another name.
  case sparseCategoricalAccuracy
  /// The fraction of the samples whose class is among the `k` largest outputs.
  case topKCategoricalAccuracy(k: Int = 5)
  /// The fraction of the samples predicted as a class that belong to it.
  case precision
  /// The fraction of the samples of a class that were predicted as it.
  case recall
  /// The harmonic mean of precision and recall.
  case f1Score
  /// The area under the receiver operating characteristic, exact, with ties counted half: scikit-learn's
  /// `roc_auc_score`, one class against the rest. Keras's `AUC` adds up 200 thresholds, and is near it; that is what
  /// is told between the batches of an epoch.
  case auc

  /// Keras's name, under which it is found in ``Logs``.
  public var name: String {
    switch self {
    case .accuracy: "accuracy"
    case .acc: "acc"
    case .binaryAccuracy: "binary_accuracy"
    case .categoricalAccuracy: "categorical_accuracy"
    case .sparseCategoricalAccuracy: "sparse_categorical_accuracy"
    case .topKCategoricalAccuracy(5): "top_k_categorical_accuracy"
    case .topKCategoricalAccuracy(let k): "top_\(k)_categorical_accuracy"
    case .precision: "precision"
    case .recall: "recall"
    case .f1Score: "f1_score"
    case .auc: "auc"
    }
  }

  /// Every metric, the fifth-best one for top-k.
  public static let all: [Metric] = [
    .accuracy, .acc, .binaryAccuracy, .categoricalAccuracy, .sparseCategoricalAccuracy,
    .topKCategoricalAccuracy(),
    .precision, .recall, .f1Score, .auc,
  ]

  /// The metric called `name`: Keras's names, `f1`, `top_3_categorical_accuracy`.
  public init(named name: String) throws(TrainingError) {
    let wanted = name.withoutUnderscores
    if let found = wanted == "f1" ? .f1Score : Self.all.first(where: { $0.name.withoutUnderscores == wanted })
    {
      self = found
      return
    }
    let suffix = "categoricalaccuracy"
    if wanted.hasPrefix("top"), wanted.hasSuffix(suffix),
      let k = Int(wanted.dropFirst(3).dropLast(suffix.count)),
      k > 0
    {
      self = .topKCategoricalAccuracy(k: k)
      return
    }
    let names = Self.all.map(\.name)
    let nearest = Encoding.nearest(to: name, in: names).map { "; did you mean \($0)?" } ?? ""
    throw .setting(
      name: "metric", expected: "one of \(names.joined(separator: ", "))", found: "'\(name)'\(nearest)")
  }

  /// Refuses metrics that mean nothing for a head of `outputs` outputs.
  func check(outputs: Int) throws(TrainingError) {
    guard case .topKCategoricalAccuracy(let k) = self else { return }
    guard k >= 1, outputs > 1 else {
      throw .setting(
        name: name, expected: "k of 1 or more and a head of 2 outputs or more",
        found: "k of \(k) and a head of \(outputs)")
    }
  }
}

/// How well scores separate two classes.
public enum ReceiverOperatingCharacteristic {
  /// The probability that a sample of the kind scores higher than one that is not, ties counted half; nil
  /// without samples of both.
  ///
  /// - Parameters:
  ///   - scores: one a sample.
  ///   - truths: whether each is of the kind; as many as scores.
  /// - Throws: ``TrainingError/count(place:expected:found:)`` for more or fewer truths.
  public static func area(scores: [Float], truths: [Bool]) throws(TrainingError) -> Double? {
    guard scores.count == truths.count else {
      throw .count(place: "truths", expected: scores.count, found: truths.count)
    }
    return area(scores, truths)
  }

  /// The same of as many truths as scores.
  static func area(_ scores: [Float], _ truths: [Bool]) -> Double? {
    let positives = truths.count { $0 }
    let negatives = truths.count - positives
    guard positives > 0, negatives > 0 else { return nil }
    let order = scores.indices.sorted { scores[$0] < scores[$1] }
    var rankSum = 0.0
    var start = 0
    while start < order.count {
      var end = start + 1
      while end < order.count, scores[order[end]] == scores[order[start]] { end += 1 }
      let rank = Double(start + end + 1) / 2
      rankSum += rank * Double(order[start..<end].count { truths[$0] })
      start = end
    }
    let least = Double(positives) * Double(positives + 1) / 2
    return (rankSum - least) / (Double(positives) * Double(negatives))
  }

  /// The mean of the areas of several classes; 0 of none.
  static func mean(_ areas: [Double]) -> Double {
    areas.isEmpty ? 0 : areas.reduce(0, +) / Double(areas.count)
  }
}
