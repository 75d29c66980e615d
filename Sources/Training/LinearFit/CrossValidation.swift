package import Kernels
public import Tensors

/// What a linear head says of samples that it was not fitted on.
///
/// The samples are in folds; what is said of those of one fold comes from a fit on all others.
public struct CrossValidation: Judgement {
  /// The strength of all fits, scikit-learn's `C`.
  public let strength: Double
  /// What the strengths came to among which it was chosen, from the smallest to the largest; empty for a given one.
  public let candidates: [FittedHead.Candidate]
  /// The class of every sample, from 0.
  public let classes: [Int]
  /// The fold of every sample, from 0.
  public let folds: [Int]
  /// The class probabilities of every sample, `[N, classes]`.
  public let probabilities: Tensor
}

extension LinearFit {
  /// Cross-validates a head `dense(n, softmax)` on folds that are given.
  ///
  /// Of ``Strength/crossValidated(candidates:folds:)`` the candidates count, and not the number of folds; they are compared on
  /// at most 10,000 samples, evenly chosen. The strength is chosen on the folds that are then measured: the result is the same
  /// for everything that is compared on them, and a little better than that on other samples.
  ///
  /// - Parameters:
  ///   - features: `[N, C]` or `[N, H, W, C]`, a row a sample.
  ///   - classes: the class of every sample, from 0.
  ///   - folds: the fold of every sample, as in scikit-learn's `StratifiedKFold`.
  /// - Throws: ``TrainingError`` for counts that do not agree, numbers out of range, fewer than two folds, and a class all of
  ///   whose samples are in one fold.
  /// - Complexity: O(strengths × folds × iterations × values of the features × classes).
  public func crossValidation(
    _ features: Tensor, classes: [Int], folds: [Int]
  ) throws(TrainingError) -> CrossValidation {
    try crossValidation(features, classes: classes, folds: folds, pool: .shared)
  }

  /// - Parameters:
  ///   - progress: told how many fits of all are done.
  ///   - isCancelled: asked at every step; yes ends the fits where they are, and the result means nothing.
  package func crossValidation(
    _ features: Tensor, classes: [Int], folds: [Int], pool: ThreadPool,
    progress: (_ done: Int, _ total: Int) -> Void = { _, _ in }, isCancelled: () -> Bool = { false }
  ) throws(TrainingError) -> CrossValidation {
    try check(features, classes, folds)
    let (width, outputs) = (features.shape.elementCount / classes.count, (classes.max() ?? 0) + 1)
    let samples = LinearSamples(
      features: features, classes: classes, width: width, outputs: outputs, pool: pool)
    let tried =
      if case .crossValidated(let candidates, _) = strength { candidates.count } else { 0 }
    let total = Set(folds).count * (tried + 1)
    var done = 0
    let (strength, candidates) = try chosen(samples, folds, isCancelled) {
      progress(done, total)
      done += 1
    }
    var probabilities = [Float](repeating: 0, count: classes.count * outputs)
    for fold in Set(folds).sorted() where !isCancelled() {
      progress(done, total)
      done += 1
      let kept = folds.indices.filter { folds[$0] != fold }
      let leftOut = folds.indices.filter { folds[$0] == fold }
      let problem = try LinearProblem(samples, rows: kept, strength: strength, standardizes: standardizes)
      let end = try minimize(problem, from: problem.origin, tolerance, isCancelled)
      guard end.value.isFinite else {
        throw .setting(name: "features", expected: "finite numbers", found: "a loss of \(end.value)")
      }
      for (place, row) in zip(leftOut, try problem.probabilities(leftOut, end.point)) {
        for (index, value) in row.enumerated() { probabilities[place * outputs + index] = Float(value) }
      }
    }
    progress(total, total)
    return CrossValidation(
      strength: strength, candidates: candidates, classes: classes, folds: folds,
      probabilities: Tensor(shape: [classes.count, outputs], scalars: probabilities))
  }

  /// The strength to fit with, and what every candidate came to.
  private func chosen(
    _ samples: LinearSamples, _ folds: [Int], _ isCancelled: () -> Bool, step: () -> Void
  ) throws(TrainingError) -> (Double, [FittedHead.Candidate]) {
    switch strength {
    case .fixed(let value): return (value, [])
    case .crossValidated(let candidates, _):
      let rows = Self.judges(samples.classes, folds)
      let measured = try crossValidate(
        samples, candidates: candidates, folds: folds, rows: rows, isCancelled, step: step)
      return (measured.min { $0.loss < $1.loss }?.strength ?? 1, measured)
    }
  }

  /// More samples than these are not needed to choose a strength.
  private static let mostJudges = 10_000

  /// The samples that strengths are compared on: all of them, or of every class in every fold as large a part.
  static func judges(_ classes: [Int], _ folds: [Int], most: Int = mostJudges) -> [Int] {
    let step = (classes.count + most - 1) / most
    guard step > 1 else { return Array(classes.indices) }
    var seen: [[Int]: Int] = [:]
    return classes.indices.filter { index in
      let count = seen[[classes[index], folds[index]], default: 0]
      seen[[classes[index], folds[index]]] = count + 1
      return count.isMultiple(of: step)
    }
  }
}
