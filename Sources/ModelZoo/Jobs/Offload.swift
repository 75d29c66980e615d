import Foundation

/// Threads for work that is too long for those that tasks share, and too short for one of its own.
enum Offload {
  /// As many as can be of use. What they work on waits for nothing but processors.
  private static let queue: OperationQueue = {
    let queue = OperationQueue()
    queue.name = "model-zoo"
    queue.maxConcurrentOperationCount = max(2, ProcessInfo.processInfo.activeProcessorCount)
    return queue
  }()

  /// Runs `body` on one of the threads; a task that is cancelled before its turn comes does not run it.
  ///
  /// - Throws: what `body` throws, and `CancellationError`.
  static func run<Value: Sendable>(
    _ body: @escaping @Sendable (Cancellation) throws -> Value
  ) async throws -> Value {
    let cancellation = Cancellation()
    return try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        queue.addOperation {
          continuation.resume(
            with: Result {
              try cancellation.check()
              return try body(cancellation)
            })
        }
      }
    } onCancel: {
      cancellation.cancel()
    }
  }
}
