package import Dispatch
import Foundation
import Machine
import Synchronization

/// Does work on threads of its own for those who wait no longer than they want to: what takes longer is left behind.
///
/// A thread that hangs in the system cannot be ended. It stays until its file system answers, and only so many may hang at a time.
package final class Patience: Sendable {
  /// Whether the time for an image is over before its work is signalled as done; blocks until then. Beginning is signalled, too.
  package typealias IsOver =
    @Sendable (
      _ path: String, _ begun: DispatchSemaphore, _ done: DispatchSemaphore
    ) -> Bool

  /// How many threads may hang.
  package static let mostHanging = 32

  private let seconds: Double
  private let isOver: IsOver
  private let hangingCount = Atomic(0)

  /// - Parameters:
  ///   - limit: how long to wait for one image.
  ///   - isOver: how that is told; nil for the system's clock.
  package init(_ limit: Duration, isOver: IsOver? = nil) {
    let seconds = Double(limit.components.seconds) + Double(limit.components.attoseconds) / 1e18
    self.seconds = seconds
    self.isOver = isOver ?? { _, _, done in done.wait(timeout: .now() + seconds) == .timedOut }
  }

  /// What `work` gives for the image at `path`.
  ///
  /// - Returns: that; or ``ImageError/timedOut(path:seconds:)``, ``ImageError/tooManyHanging(path:count:)``.
  func result<Value: Sendable>(
    of path: String, _ work: @escaping @Sendable () -> Result<Value, ImageError>
  ) -> Result<Value, ImageError> {
    let hanging = hangingCount.load(ordering: .relaxed)
    guard hanging < Self.mostHanging else { return .failure(.tooManyHanging(path: path, count: hanging)) }
    let attempt = Attempt(work)
    Thread.startWherePossible {
      if attempt.perform() { self.hangingCount.subtract(1, ordering: .relaxed) }
    }
    guard isOver(path, attempt.begun, attempt.done) else { return attempt.outcome() }
    switch attempt.giveUp() {
    case .notBegun: return work()
    case .finished(let result): return result
    case .hanging:
      hangingCount.add(1, ordering: .relaxed)
      return .failure(.timedOut(path: path, seconds: seconds))
    }
  }
}

/// Work that one thread does and another waits for.
private final class Attempt<Value: Sendable>: Sendable {
  typealias Outcome = Result<Value, ImageError>

  enum End {
    /// No thread was to be had.
    case notBegun
    case hanging
    case finished(Outcome)
  }

  private enum State {
    case waiting, running, left
    case done(Outcome)
  }

  let begun = DispatchSemaphore(value: 0)
  let done = DispatchSemaphore(value: 0)
  private let work: @Sendable () -> Outcome
  private let state = Mutex(State.waiting)

  init(_ work: @escaping @Sendable () -> Outcome) { self.work = work }

  /// Does the work unless it was given up before it began.
  ///
  /// - Returns: whether it was given up meanwhile.
  func perform() -> Bool {
    let begins = state.withLock { state in
      guard case .waiting = state else { return false }
      state = .running
      return true
    }
    guard begins else { return false }
    begun.signal()
    let outcome = work()
    let wasLeft = state.withLock { state in
      if case .left = state { return true }
      state = .done(outcome)
      return false
    }
    done.signal()
    return wasLeft
  }

  /// What came of it, for whoever was told that it is done.
  func outcome() -> Outcome {
    let found = state.withLock { state -> Outcome? in
      if case .done(let outcome) = state { outcome } else { nil }
    }
    return found ?? work()
  }

  /// Waits no longer.
  func giveUp() -> End {
    state.withLock { state in
      switch state {
      case .done(let outcome): return .finished(outcome)
      case .waiting:
        state = .left
        return .notBegun
      case .running, .left:
        state = .left
        return .hanging
      }
    }
  }
}
