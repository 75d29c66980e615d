/// Sets the learning rate before every epoch: Keras's `LearningRateScheduler`.
///
/// ```swift
/// LearningRateScheduler { epoch, rate in epoch < 10 ? rate : rate * 0.9 }
/// ```
public final class LearningRateScheduler: TrainingCallback {
  private let schedule: @Sendable (_ epoch: Int, _ rate: Double) throws -> Double

  /// Asks `schedule`, which gets the epoch, from 0, and the rate as it is. The rates are in the history as
  /// `learning_rate`.
  public init(_ schedule: @escaping @Sendable (_ epoch: Int, _ rate: Double) throws -> Double) {
    self.schedule = schedule
  }

  /// Adds the rate to the logs.
  ///
  /// - Throws: ``TrainingError/setting(name:expected:found:)`` when the optimizer has a schedule of its own.
  public func trainingBegan(_: TrainingPlan, _ trainer: inout Trainer) throws(TrainingError) {
    try trainer.requireSettableLearningRate(for: "the scheduler")
    trainer.logsLearningRate = true
  }

  /// Sets the rate.
  ///
  /// - Throws: ``TrainingError/setting(name:expected:found:)`` when a rate is not above 0; what the
  ///   schedule throws.
  public func epochBegan(_ epoch: Int, _ trainer: inout Trainer) throws {
    let rate = try schedule(epoch, trainer.learningRate)
    try Settings.check(learningRate: rate)
    trainer.learningRate = rate
  }
}
