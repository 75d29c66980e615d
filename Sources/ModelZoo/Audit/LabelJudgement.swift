import Encoding
import Kernels
import Tensors
import Training

/// What a linear discriminant says of the labels of images that it was not fitted on.
///
/// A class whose images are all in one fold is unknown to the one that would judge them: it is left out, with a warning.
struct LabelJudgement {
  /// Of the images whose class can be judged; nil where fewer than two classes can.
  private(set) var validation: DiscriminantValidation?
  /// For every class the probability beyond which an image is confidently of it; nil for one that is left out.
  private(set) var thresholds: [Float?]
  /// For every image the probability of its class; nil for one that is left out.
  private(set) var probabilities: [Float?]
  /// The labels that are disputed, the most confidently disputed first.
  private(set) var disputes: [DatasetAudit.Dispute] = []
  /// What could not be judged, and why; a sentence each.
  private(set) var warnings: [String]

  /// - Parameters:
  ///   - features: `[N, C]`.
  ///   - groups: images of one number are copies of one another.
  ///   - progress: told how many steps of all are done.
  ///   - isCancelled: asked now and then; yes ends the work, and the result means nothing.
  init(
    of features: Tensor, _ folds: Folds, groups: [Int], pool: ThreadPool,
    progress: (_ done: Int, _ total: Int) -> Void, isCancelled: () -> Bool
  ) throws(TrainingError) {
    thresholds = [Float?](repeating: nil, count: folds.classes.count)
    probabilities = [Float?](repeating: nil, count: folds.labels.count)
    warnings = folds.undivided.map { Self.warning($0, folds, groups) }
    let known = folds.classes.indices.filter { !folds.undivided.contains($0) }
    guard known.count >= 2 else {
      warnings.append(
        "no label is judged: expected 2 or more classes of different images, found \(known.count); add images"
      )
      return
    }
    try judge(features, folds, known, pool, progress, isCancelled)
  }

  private mutating func judge(
    _ features: Tensor, _ folds: Folds, _ known: [Int], _ pool: ThreadPool,
    _ progress: (_ done: Int, _ total: Int) -> Void, _ isCancelled: () -> Bool
  ) throws(TrainingError) {
    let places = Dictionary(uniqueKeysWithValues: known.enumerated().map { ($0.element, $0.offset) })
    let images = folds.labels.indices.filter { places[folds.labels[$0]] != nil }
    let classes = images.map { places[folds.labels[$0]] ?? 0 }
    let run = { (rows: Tensor) throws(TrainingError) in
      try LinearDiscriminant().crossValidation(
        rows, classes: classes, folds: images.map { folds.folds[$0] }, pool: pool,
        progress: progress, isCancelled: isCancelled)
    }
    guard let validation = try validated(Self.rows(images, of: features), run), !isCancelled() else { return }
    let learning = try ConfidentLearning(probabilities: validation.probabilities, labels: classes)
    for (place, label) in known.enumerated() { thresholds[label] = learning.thresholds[place] }
    let scalars = validation.probabilities.scalars
    for (row, image) in images.enumerated() {
      probabilities[image] = scalars[row * known.count + classes[row]]
    }
    self.validation = validation
    guard Self.isBetterThanGuessing(validation) else {
      warnings.append(
        "no label is disputed: the head is right no more often than one that always names the most frequent class, "
          + "so it tells nothing about labels; choose another backbone, or add images")
      return
    }
    disputes = learning.disputes.map { dispute in
      DatasetAudit.Dispute(
        image: images[dispute.index], suggestion: folds.classes[known[dispute.suggestion]],
        probability: dispute.suggestionProbability)
    }
  }

  /// What a run says of rows; nil, with a warning, where it can say nothing of them, though they are numbers.
  private mutating func validated(
    _ rows: Tensor, _ run: (Tensor) throws(TrainingError) -> DiscriminantValidation
  ) throws(TrainingError) -> DiscriminantValidation? {
    do {
      return try run(rows)
    } catch {
      // No two images of one class are left to differ.
      guard case .setting("features", _, _) = error, rows.scalars.allSatisfy(\.isFinite) else { throw error }
      warnings.append(
        "no label is judged: the images of a class do not differ, or are too few; add different images of every class"
      )
      return nil
    }
  }

  private static func rows(_ images: [Int], of features: Tensor) -> Tensor {
    guard images.count < features.shape[0] else { return features }
    let (width, source) = (features.shape[1], features.scalars)
    var scalars: [Float] = []
    scalars.reserveCapacity(images.count * width)
    for image in images { scalars += source[image * width..<(image + 1) * width] }
    return Tensor(shape: [images.count, width], scalars: scalars)
  }

  private static func isBetterThanGuessing(_ validation: DiscriminantValidation) -> Bool {
    let (predicted, classes) = (validation.predicted, validation.classes)
    let right = classes.indices.count { predicted[$0] == classes[$0] }
    let counts = Dictionary(grouping: classes) { $0 }.values.map(\.count)
    return right > counts.max() ?? 0
  }

  private static func warning(_ label: Int, _ folds: Folds, _ groups: [Int]) -> String {
    let images = folds.labels.indices.filter { folds.labels[$0] == label }
    let why =
      Set(images.map { groups[$0] }).count < 2
      ? "expected 2 or more different images, found 1 (\(counted(images.count, "image")) in all); add images of this class"
      : "all its images are in one fold, as copies of them are of other classes; remove copies, or choose another seed"
    return "class \(folds.classes[label]): its labels are not judged: \(why)"
  }
}
