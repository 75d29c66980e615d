/// A closure at every hook: Keras's `LambdaCallback`.
///
/// ```swift
/// let callback = LambdaCallback(epochEnded: { epoch, logs, _ in print(epoch, logs["loss"] ?? 0) })
/// ```
public final class LambdaCallback: TrainingCallback {
  private let onTrainingBegan: @Sendable (TrainingPlan, inout Trainer) throws -> Void
  private let onEpochBegan: @Sendable (Int, inout Trainer) throws -> Void
  private let onBatchEnded: @Sendable (Int, Logs, inout Trainer) throws -> Void
  private let onEpochEnded: @Sendable (Int, Logs, inout Trainer) throws -> Void
  private let onTrainingEnded: @Sendable (inout Trainer) throws -> Void

  /// Takes a closure for each hook of ``TrainingCallback`` that is needed.
  public init(
    trainingBegan: @escaping @Sendable (TrainingPlan, inout Trainer) throws -> Void = { _, _ in },
    epochBegan: @escaping @Sendable (_ epoch: Int, inout Trainer) throws -> Void = { _, _ in },
    batchEnded: @escaping @Sendable (_ batch: Int, Logs, inout Trainer) throws -> Void = { _, _, _ in },
    epochEnded: @escaping @Sendable (_ epoch: Int, Logs, inout Trainer) throws -> Void = { _, _, _ in },
    trainingEnded: @escaping @Sendable (inout Trainer) throws -> Void = { _ in }
  ) {
    onTrainingBegan = trainingBegan
    onEpochBegan = epochBegan
    onBatchEnded = batchEnded
    onEpochEnded = epochEnded
    onTrainingEnded = trainingEnded
  }

  /// Calls the closure.
  ///
  /// - Throws: what the closure throws.
  public func trainingBegan(_ plan: TrainingPlan, _ trainer: inout Trainer) throws {
    try onTrainingBegan(plan, &trainer)
  }
  /// Calls the closure.
  ///
  /// - Throws: what the closure throws.
  public func epochBegan(_ epoch: Int, _ trainer: inout Trainer) throws { try onEpochBegan(epoch, &trainer) }
  /// Calls the closure.
  ///
  /// - Throws: what the closure throws.
  public func batchEnded(_ batch: Int, _ logs: Logs, _ trainer: inout Trainer) throws {
    try onBatchEnded(batch, logs, &trainer)
  }
  /// Calls the closure.
  ///
  /// - Throws: what the closure throws.
  public func epochEnded(_ epoch: Int, _ logs: Logs, _ trainer: inout Trainer) throws {
    try onEpochEnded(epoch, logs, &trainer)
  }
  /// Calls the closure.
  ///
  /// - Throws: what the closure throws.
  public func trainingEnded(_ trainer: inout Trainer) throws { try onTrainingEnded(&trainer) }
}
