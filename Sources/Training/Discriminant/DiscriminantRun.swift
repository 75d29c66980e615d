import Kernels
import Tensors

/// One cross-validation of linear discriminants.
struct DiscriminantRun {
  private let analysis: LinearDiscriminant
  private let classes: [Int]
  private let folds: [Int]
  private let pool: ThreadPool
  private let samples: DiscriminantSamples
  /// The rows of every fold.
  private let members: [[Int]]
  private let isJudge: [Bool]
  private var tally: BrierTally

  init(
    _ analysis: LinearDiscriminant, _ features: Tensor, _ classes: [Int], _ folds: [Int], _ pool: ThreadPool
  ) {
    (self.analysis, self.classes, self.folds, self.pool) = (analysis, classes, folds, pool)
    samples = DiscriminantSamples(features, classes, pool: pool)
    members = Dictionary(grouping: folds.indices) { folds[$0] }.sorted { $0.key < $1.key }.map(\.value)
    var isJudge = [Bool](repeating: false, count: classes.count)
    for row in LinearFit.judges(classes, folds) { isJudge[row] = true }
    self.isJudge = isJudge
    tally = BrierTally(analysis)
  }

  /// - Parameters:
  ///   - progress: told how many steps of all are done: for every fold its sums, a fit for each shrinkage, and the probabilities.
  ///   - isCancelled: asked now and then; yes ends the work, and the result means nothing.
  mutating func validation(
    progress: (_ done: Int, _ total: Int) -> Void, isCancelled: () -> Bool
  ) throws(TrainingError) -> DiscriminantValidation {
    let steps = analysis.shrinkages.count + 2
    let total = 1 + members.count * steps
    progress(0, total)
    let all = samples.moments(Array(classes.indices), isCancelled)
    var fitted: [[DiscriminantScores]] = []
    for (fold, rows) in members.enumerated() {
      let first = 1 + fold * (steps - 1)
      progress(first, total)
      let moments = all.less(samples.moments(rows, isCancelled))
      fitted.append(
        scores(moments, judging: rows.filter { isJudge[$0] }, isCancelled) { progress(first + 1 + $0, total) }
      )
    }
    guard !isCancelled() else { return result(tally.first, samples.noProbabilities) }
    guard let best = tally.best else {
      throw .setting(name: "features", expected: "finite numbers", found: "scores that are none")
    }
    var probabilities = samples.noProbabilities
    for (fold, rows) in members.enumerated() {
      progress(total - members.count + fold, total)
      samples.put(
        samples.scores(rows, by: fitted[fold][best.shrinkage]), of: rows,
        temperature: analysis.temperatures[best.temperature], into: &probabilities)
    }
    progress(total, total)
    return result(best, probabilities)
  }

  /// What is fitted with every shrinkage; how well it judges those of the fold that was left out is noted.
  private mutating func scores(
    _ moments: DiscriminantMoments, judging rows: [Int], _ isCancelled: () -> Bool,
    progress: (_ done: Int) -> Void
  ) -> [DiscriminantScores] {
    var fitted: [DiscriminantScores] = []
    for (place, shrinkage) in analysis.shrinkages.enumerated() where !isCancelled() {
      progress(place)
      let scores = moments.scores(shrinkage: shrinkage, pool: pool, isCancelled)
      tally.add(samples.scores(rows, by: scores), rows.map { classes[$0] }, shrinkage: place)
      fitted.append(scores)
    }
    return fitted
  }

  private func result(_ choice: BrierTally.Choice, _ probabilities: [Float]) -> DiscriminantValidation {
    DiscriminantValidation(analysis, choice, classes, folds, probabilities)
  }
}
