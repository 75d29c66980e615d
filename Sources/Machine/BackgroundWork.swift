import Foundation
import Synchronization

/// Work that another thread does if the system has one to spare, and otherwise whoever waits for it.
///
/// Containers limit threads, and libdispatch waits for ever for one it cannot have: so nothing here relies on one.
package final class BackgroundWork<Value: Sendable>: Sendable {
  private let work: Work

  /// Begins elsewhere.
  ///
  /// - Parameters:
  ///   - start: runs its argument some time, or never.
  ///   - make: the work; what it is given says whether anybody still waits for the result.
  package init(
    start: (_ body: @escaping @Sendable () -> Void) -> Void = { Thread.startWherePossible($0) },
    _ make: @escaping @Sendable (_ isWanted: @Sendable () -> Bool) -> Value
  ) {
    let work = Work(make)
    self.work = work
    start { work.performUnlessBegun() }
  }

  deinit { work.isGivenUp.store(true, ordering: .relaxed) }

  /// The result: what nobody has begun by now is done at once, by the calling thread.
  package func wait() -> Value { work.wait() }

  private final class Work: Sendable {
    let isGivenUp = Atomic(false)
    private let result = Mutex<Value?>(nil)
    private let done = DispatchSemaphore(value: 0)
    /// Gone once somebody has begun.
    private let make: Mutex<(@Sendable (@Sendable () -> Bool) -> Value)?>

    init(_ make: @escaping @Sendable (@Sendable () -> Bool) -> Value) { self.make = Mutex(make) }

    func performUnlessBegun() {
      guard let made = makeUnlessBegun() else { return }
      result.withLock { $0 = made }
      done.signal()
    }

    /// A function of its own: what is captured is let go of before anybody is told of the result.
    private func makeUnlessBegun() -> Value? {
      let make = make.withLock { make in
        defer { make = nil }
        return make
      }
      return make?({ !self.isGivenUp.load(ordering: .relaxed) })
    }

    func wait() -> Value {
      performUnlessBegun()
      while true {
        if let made = result.withLock({ $0 }) { return made }
        done.wait()
        // For whoever else waits.
        done.signal()
      }
    }
  }
}

/// Calls `body` on as many as `threads` threads at a time, the calling one among them, and returns when all have returned.
/// Every call is to take from the same heap of work, until it is used up: how many calls there are is up to the system.
package func onThreads(_ threads: Int, _ body: @escaping @Sendable () -> Void) {
  let others = (1..<max(1, threads)).map { _ in BackgroundWork { _ in body() } }
  body()
  for other in others { other.wait() }
}
