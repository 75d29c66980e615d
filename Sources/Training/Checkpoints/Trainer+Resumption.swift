import Tensors

extension Trainer {
  /// Puts the trainer where it was when `checkpoint` was made, if everything else is as it was.
  ///
  /// - Returns: how far training had come.
  /// - Throws: ``TrainingError/resumption(place:expected:found:)``; the trainer is then unchanged.
  mutating func resume(
    _ checkpoint: TrainingCheckpoint, _ conditions: FitConditions, epochs: Int,
    _ callbacks: [any TrainingCallback]
  ) throws -> FitProgress {
    let record = checkpoint.record
    try conditions.check(record.conditions)
    guard epochs >= record.progress.epoch + (record.progress.batch > 0 ? 1 : 0) else {
      throw TrainingError.resumption(
        place: "epochs", expected: "\(record.progress.epoch) finished already", found: "\(epochs)")
    }
    try callbacks.check(checkpoint.states)
    var restored = self
    restored.model = try model.withParameters { checkpoint.tensors[$0] }
    try restored.restoreOptimizer(
      iterations: record.iterations, start: record.optimizerStart ?? 0, learningRate: record.learningRate
    ) { checkpoint.tensors[$0] }
    restored.finishedEpochs = record.finishedEpochs
    // Only to find out, before a callback has touched a file, that all of them were made as they were.
    try callbacks.restore(checkpoint.states, restored)
    self = restored
    return record.progress
  }
}
