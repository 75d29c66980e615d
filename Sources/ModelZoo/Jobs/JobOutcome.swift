import Dispatch
import Synchronization

/// What a job comes to, for any number of tasks and threads to wait for.
final class JobOutcome<Value: Sendable>: Sendable {
  private struct State {
    var result: Result<Value, any Error>?
    var tasks: [CheckedContinuation<Value, any Error>] = []
  }

  private let state = Mutex(State())
  private let isSettled = DispatchGroup()

  init() { isSettled.enter() }

  /// Called once.
  func settle(_ result: Result<Value, any Error>) {
    let tasks = state.withLock { state in
      state.result = result
      defer { state.tasks = [] }
      return state.tasks
    }
    isSettled.leave()
    for task in tasks { task.resume(with: result) }
  }

  var value: Value {
    get async throws {
      try await withCheckedThrowingContinuation { continuation in
        let result = state.withLock { state in
          if state.result == nil { state.tasks.append(continuation) }
          return state.result
        }
        if let result { continuation.resume(with: result) }
      }
    }
  }

  func wait() throws -> Value {
    isSettled.wait()
    guard let result = state.withLock({ $0.result }) else { throw CancellationError() }
    return try result.get()
  }
}
