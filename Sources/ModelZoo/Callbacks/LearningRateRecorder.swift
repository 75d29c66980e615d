public import Training

/// Records the learning rate at the end of every epoch.
public final class LearningRateRecorder: TrainingCallback {
  /// One an epoch.
  public var rates: [Double] { recorded.value }
  private let recorded = Locked<[Double]>([])

  /// Makes an empty recorder.
  public init() {}

  /// Notes the rate.
  public func epochEnded(_: Int, _: Logs, _ trainer: inout Trainer) {
    recorded.update { $0.append(trainer.learningRate) }
  }

  /// The rates so far.
  public var state: CallbackState? {
    get throws { try CallbackState(settings: [String](), progress: rates) }
  }

  /// Restores the rates.
  ///
  /// - Throws: `TrainingError.malformedCheckpoint(reason:)` for a state that holds no rates.
  public func restore(_ state: CallbackState, _: Trainer) throws {
    recorded.value = try state.progress("LearningRateRecorder", settings: [String]())
  }
}
