package import Kernels
public import Tensors

/// Linear discriminant analysis: classes as clouds of one shape, each around its mean.
///
/// It is fitted in one go, without iterations: the covariance within the classes is that of the samples, shrunk towards a multiple of
/// the identity, as scikit-learn's `LinearDiscriminantAnalysis(solver="lsqr", shrinkage=...)` has it. Its probabilities are too sure
/// of themselves where there are many features, so its scores are divided by a temperature (Guo, Pleiss, Sun and Weinberger, "On
/// Calibration of Modern Neural Networks", 2017).
public struct LinearDiscriminant: Hashable, Sendable {
  /// The default shrinkages to choose from.
  public static let shrinkages = [0.05, 0.2, 0.5, 0.8]
  /// The default temperatures to choose from: 1 to 16, two for each doubling.
  public static let temperatures = [1, 1.41421356, 2, 2.82842712, 4, 5.65685425, 8, 11.3137085, 16]

  /// The shrinkages to choose from: what part of the covariance is the same for all features, above 0, at most 1.
  public var shrinkages: [Double]
  /// The temperatures to choose from, more than 0.
  public var temperatures: [Double]

  /// Describes an analysis; of several numbers the best are chosen.
  public init(
    shrinkages: [Double] = LinearDiscriminant.shrinkages,
    temperatures: [Double] = LinearDiscriminant.temperatures
  ) {
    (self.shrinkages, self.temperatures) = (shrinkages, temperatures)
  }

  /// Judges every sample by a fit on the other folds.
  ///
  /// Shrinkage and temperature are those of the lowest Brier score (the mean over samples of the squared distance of the
  /// probabilities from the truth) over at most 10,000 samples, evenly chosen. Wrong labels have less of a say in it than in the
  /// cross-entropy.
  ///
  /// - Parameters:
  ///   - features: `[N, C]`, a row a sample. Of more than 4,096 features only the variances are looked at.
  ///   - classes: the class of every sample, from 0.
  ///   - folds: the fold of every sample.
  /// - Throws: ``TrainingError`` for counts that do not agree, numbers out of range, features that are not finite, fewer than two
  ///   folds, and a class all of whose samples are in one fold.
  /// - Complexity: O(N C² + folds × shrinkages × C³) in time; O(C²) in memory beside the features.
  public func crossValidation(
    _ features: Tensor, classes: [Int], folds: [Int]
  ) throws(TrainingError) -> DiscriminantValidation {
    try crossValidation(features, classes: classes, folds: folds, pool: .shared)
  }

  /// - Parameters:
  ///   - progress: told how many steps of all are done.
  ///   - isCancelled: asked now and then; yes ends the work, and the result means nothing.
  package func crossValidation(
    _ features: Tensor, classes: [Int], folds: [Int], pool: ThreadPool,
    progress: (_ done: Int, _ total: Int) -> Void = { _, _ in }, isCancelled: () -> Bool = { false }
  ) throws(TrainingError) -> DiscriminantValidation {
    try check(features, classes, folds)
    var run = DiscriminantRun(self, features, classes, folds, pool)
    return try run.validation(progress: progress, isCancelled: isCancelled)
  }

  private func check(_ features: Tensor, _ classes: [Int], _ folds: [Int]) throws(TrainingError) {
    for (name, values) in [("shrinkages", shrinkages), ("temperatures", temperatures)] where values.isEmpty {
      throw .setting(name: name, expected: "1 or more", found: "none")
    }
    for shrinkage in shrinkages where !(shrinkage > 0 && shrinkage <= 1) {
      throw .setting(name: "shrinkage", expected: "above 0, 1 at most", found: "\(shrinkage)")
    }
    for temperature in temperatures { try Settings.check(positive: "temperature", temperature) }
    guard features.shape.rank == 2 else {
      throw .setting(name: "features", expected: "rows of numbers", found: "\(features.shape)")
    }
    try LinearFit.check(features, classes, folds)
  }
}

/// What a linear discriminant analysis says of samples that it was not fitted on.
public struct DiscriminantValidation: Judgement {
  /// The shrinkage that was chosen.
  public let shrinkage: Double
  /// The temperature that was chosen.
  public let temperature: Double
  /// The Brier score that came of these.
  public let brierScore: Double
  /// The class of every sample, from 0.
  public let classes: [Int]
  /// The fold of every sample, from 0.
  public let folds: [Int]
  /// The class probabilities of every sample, `[N, classes]`.
  public let probabilities: Tensor

  init(
    _ analysis: LinearDiscriminant, _ choice: BrierTally.Choice, _ classes: [Int], _ folds: [Int],
    _ probabilities: [Float]
  ) {
    shrinkage = analysis.shrinkages[choice.shrinkage]
    temperature = analysis.temperatures[choice.temperature]
    brierScore = choice.score
    (self.classes, self.folds) = (classes, folds)
    self.probabilities = Tensor(
      shape: [classes.count, probabilities.count / max(1, classes.count)], scalars: probabilities)
  }
}
