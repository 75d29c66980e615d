import Kernels
import Randomness
package import Tensors

extension LinearFit {
  /// The strength to fit with, and what every candidate came to.
  func choose(_ samples: LinearSamples, _ seed: UInt64, _ isCancelled: () -> Bool) throws(TrainingError) -> (
    Double, [FittedHead.Candidate]
  ) {
    switch strength {
    case .fixed(let value): return (value, [])
    case .crossValidated(let candidates, let folds):
      let assigned = Self.folds(of: samples.classes, count: folds, seed: seed)
      let measured = try crossValidate(samples, candidates: candidates, folds: assigned, isCancelled)
      return (measured.min { $0.loss < $1.loss }?.strength ?? 1, measured)
    }
  }

  /// Evaluates every candidate on given folds: `folds` says which one a sample belongs to.
  package func crossValidate(
    _ features: Tensor, classes: [Int], outputs: Int, candidates: [Double], folds: [Int]
  ) throws(TrainingError) -> [FittedHead.Candidate] {
    let width = features.shape.elementCount / max(1, classes.count)
    let samples = LinearSamples(
      features: features, classes: classes, width: width, outputs: outputs, pool: .shared)
    return try crossValidate(samples, candidates: candidates, folds: folds) { false }
  }

  /// Candidates need no more: their losses differ far above it.
  private static let searchTolerance = 1e-5

  /// Evaluates every candidate, in ascending order, on samples its fit has not seen; each fit begins where the
  /// one with the next smaller strength ended.
  ///
  /// - Parameters:
  ///   - folds: the fold of every sample.
  ///   - rows: the samples that take part; nil for all.
  ///   - step: called ahead of every fit.
  func crossValidate(
    _ samples: LinearSamples, candidates: [Double], folds: [Int], rows: [Int]? = nil,
    _ isCancelled: () -> Bool, step: () -> Void = {}
  ) throws(TrainingError) -> [FittedHead.Candidate] {
    let rows = rows ?? Array(folds.indices)
    let candidates = candidates.sorted()
    var totals = [(loss: Double, correct: Int)](repeating: (0, 0), count: candidates.count)
    for fold in Set(folds).sorted() {
      let kept = rows.filter { folds[$0] != fold }
      let leftOut = rows.filter { folds[$0] == fold }
      let problem = try LinearProblem(samples, rows: kept, strength: 1, standardizes: standardizes)
      var point = problem.origin
      for (index, candidate) in candidates.enumerated() {
        step()
        point =
          try minimize(
            problem.with(strength: candidate), from: point, max(tolerance, Self.searchTolerance), isCancelled
          ).point
        let measured = try problem.evaluate(leftOut, point)
        totals[index].loss += measured.loss
        totals[index].correct += measured.correct
      }
    }
    let count = Double(rows.count)
    return zip(candidates, totals).map { candidate, total in
      FittedHead.Candidate(
        strength: candidate, loss: total.loss / count, accuracy: Double(total.correct) / count)
    }
  }

  /// Deals the shuffled samples of one class after the other to the folds in turn: every fold gets its share of
  /// every class.
  ///
  /// - Parameter groups: samples of one number come into one fold, such as copies of one image; nil for each by itself.
  package static func folds(of classes: [Int], groups: [Int]? = nil, count: Int, seed: UInt64) -> [Int] {
    var generator = SplitMix64(seed: Seeds.derive(seed, "folds"))
    let order = Array(classes.indices).shuffled(using: &generator)
    var folds = [Int](repeating: 0, count: classes.count)
    var dealt: [Int: Int] = [:]
    var next = 0
    for label in Set(classes).sorted() {
      for index in order where classes[index] == label {
        let group = groups?[index] ?? index
        if let fold = dealt[group] {
          folds[index] = fold
        } else {
          folds[index] = next % count
          dealt[group] = folds[index]
          next += 1
        }
      }
    }
    return folds
  }
}
