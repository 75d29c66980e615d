public import Images
public import Tensors

/// Images that are in memory already. Each call comes in two: one blocks, for scripts; the other, which code that awaits
/// gets, works elsewhere meanwhile. Any number of tasks may call at a time.
extension TrainedModel {
  /// Classifies one image: the same prediction as for a file with the same pixels.
  ///
  /// - Parameters:
  ///   - image: of any size.
  ///   - name: its name in the prediction.
  /// - Throws: `ArchiveError` for damaged weights.
  public func predict(_ image: some PixelSource, name: String = "") throws -> Prediction {
    try predictions(whole.answers(to: [image]), [name])[0]
  }

  /// Classifies one image without blocking a thread of the concurrency pool.
  ///
  /// - Throws: what the blocking call throws, `CancellationError` in a task that was cancelled before its turn.
  public func predict(_ image: some PixelSource, name: String = "") async throws -> Prediction {
    try await Offload.run { _ in try predict(image, name: name) }
  }

  /// Classifies inputs `[N, H, W, 3]` that were resized and preprocessed already; the predictions name them by their
  /// numbers.
  ///
  /// - Throws: ``ModelZooError/wrongInput(expected:found:)``, `ArchiveError` for damaged weights.
  public func predict(_ inputs: Tensor) throws -> [Prediction] {
    let answers = try whole.answers(to: inputs)
    return try predictions(answers, (0..<answers.count).map(String.init))
  }

  /// Classifies inputs `[N, H, W, 3]` without blocking a thread of the concurrency pool.
  ///
  /// - Throws: what the blocking call throws, `CancellationError` in a task that was cancelled before its turn.
  public func predict(_ inputs: Tensor) async throws -> [Prediction] {
    try await Offload.run { _ in try predict(inputs) }
  }
}
