package import Kernels
public import Tensors

/// Fits a linear head to convergence: logistic regression by L-BFGS, with scikit-learn's objective.
///
/// The objective to minimise is the mean cross-entropy plus `|kernel|² / (2 C N)` over `N` samples: the objective of
/// `sklearn.linear_model.LogisticRegression(C=C)`; the bias is not penalised. It is convex: there is one
/// answer, no learning rate and no number of epochs, and the same features give the same bits for any number
/// of threads. The result is an ordinary head, `dense(n, softmax)` or `dense(1, sigmoid)`.
///
/// ```swift
/// let fit = try LinearFit().fit(try Head("dense(4, softmax)"), features, classes: labels)
/// let probabilities = try fit.model.predict(others)
/// ```
public struct LinearFit: Hashable, Sendable {
  /// The strength of the regularisation.
  public enum Strength: Hashable, Sendable {
    /// scikit-learn's `C`, more than 0: the larger, the freer the kernel.
    case fixed(Double)
    /// The candidate with the best cross-validation: the lowest mean cross-entropy over `folds` stratified folds; of
    /// equals, the smaller C.
    case crossValidated(candidates: [Double] = LinearFit.candidates, folds: Int = 5)
  }

  /// The default candidates of a search: 10⁻⁴ to 10², two per decade.
  public static let candidates: [Double] = [
    1e-4, 3e-4, 1e-3, 3e-3, 1e-2, 3e-2, 0.1, 0.3, 1, 3, 10, 30, 100,
  ]

  /// The strength of the regularisation.
  public var strength: Strength
  /// Whether features are standardised to mean 0 and variance 1 for the fit, so that the penalty treats all alike; the
  /// resulting kernel takes the features unstandardised.
  public var standardizes: Bool
  /// The largest absolute gradient of the objective at which the fit counts as converged.
  public var tolerance: Double
  /// The number of iterations after which the fit stops; far more than it usually takes.
  public var maximumIterations: Int

  /// Describes a fit.
  public init(
    strength: Strength = .crossValidated(), standardizes: Bool = true, tolerance: Double = 1e-6,
    maximumIterations: Int = 1000
  ) {
    self.strength = strength
    self.standardizes = standardizes
    self.tolerance = tolerance
    self.maximumIterations = maximumIterations
  }

  /// Fits `head` to features `[N, C]` or `[N, H, W, C]`.
  ///
  /// - Parameters:
  ///   - head: one dense layer with a bias, behind `flatten` where features have rows and columns:
  ///     `dense(n, softmax)`, or `dense(1, sigmoid)` for two classes.
  ///   - features: a row a sample.
  ///   - classes: one a sample, from 0 in the order of the head's outputs.
  ///   - seed: decides the folds of a cross-validation, and nothing else.
  /// - Throws: ``TrainingError`` for any other head, labels that do not fit, numbers out of range.
  public func fit(_ head: Head, _ features: Tensor, classes: [Int], seed: UInt64 = 0) throws(TrainingError)
    -> FittedHead
  {
    try fit(head, features, classes: classes, seed: seed, pool: .shared)
  }

  /// The same on features that need not be in memory: they are read once for the means, once for the deviations, and twice for every
  /// step.
  ///
  /// - Parameter isCancelled: asked at every step; yes ends the fit where it is.
  package func fit(
    _ head: Head, _ features: any SampleRows, classes: [Int], seed: UInt64, pool: ThreadPool,
    isCancelled: () -> Bool = { false }
  ) throws(TrainingError) -> FittedHead {
    let model = try HeadModel(head, inputShape: TensorShape(Array(features.shape.dimensions.dropFirst())))
    try check(head, model, features.shape, classes)
    let samples = LinearSamples(
      features: features, classes: classes, width: model.inputShape.elementCount, outputs: model.outputCount,
      pool: pool)
    let (chosen, candidates) = try choose(samples, seed, isCancelled)
    let all = Array(0..<classes.count)
    let problem = try LinearProblem(samples, rows: all, strength: chosen, standardizes: standardizes)
    let end = try minimize(problem, from: problem.origin, tolerance, isCancelled)
    guard end.value.isFinite else {
      throw .setting(name: "features", expected: "finite numbers", found: "a loss of \(end.value)")
    }
    return FittedHead(
      model: model.with(problem.parameters(end.point)), strength: chosen, candidates: candidates,
      iterations: end.iterations, objective: end.value, largestSlope: end.largestSlope,
      hasConverged: end.largestSlope <= tolerance)
  }

  func minimize(
    _ problem: LinearProblem, from start: [Double], _ tolerance: Double, _ isCancelled: () -> Bool
  ) throws(TrainingError) -> LimitedMemoryBFGS.End {
    try LimitedMemoryBFGS(tolerance: tolerance, maximumIterations: maximumIterations)
      .minimize(from: start, isCancelled: isCancelled, problem.evaluate)
  }
}

/// The result of a fit.
public struct FittedHead: Sendable {
  /// A strength that was tried, and its cross-validation results.
  public struct Candidate: Hashable, Sendable {
    /// scikit-learn's `C`.
    public var strength: Double
    /// The mean cross-entropy of samples left out of the fit.
    public var loss: Double
    /// The fraction of them that were classified correctly.
    public var accuracy: Double
  }

  /// The head.
  public let model: HeadModel
  /// The `C` it was fitted with.
  public let strength: Double
  /// What a cross-validation found, from the smallest `C` to the largest; empty for a given strength.
  public let candidates: [Candidate]
  /// Iterations until convergence.
  public let iterations: Int
  /// The objective: mean cross-entropy plus penalty.
  public let objective: Double
  /// The largest absolute gradient of the objective where the fit ended.
  public let largestSlope: Double
  /// Whether that is at most the tolerance.
  public let hasConverged: Bool
}

extension FittedHead {
  /// What the head measures on its samples, and on others: a history of one epoch.
  package func history(
    _ samples: SourcedSamples, validation: SourcedSamples?, loss: Loss? = nil,
    metrics: [Metric] = [.accuracy]
  ) throws(TrainingError) -> History {
    let trainer = try Trainer(model, loss: loss, metrics: metrics)
    var logs = try trainer.evaluate(SourcedSamples(samples.features, samples.labels))
    if let validation {
      logs.append(
        validation: try trainer.evaluate(SourcedSamples(validation.features, validation.labels)))
    }
    var history = History()
    history.append(logs)
    return history
  }
}
