import Synchronization

/// A wish to stop, seen by whoever looks.
package final class Cancellation: Sendable {
  private let isAsked = Atomic(false)

  package var isCancelled: Bool { isAsked.load(ordering: .relaxed) }

  package init() {}

  package func cancel() { isAsked.store(true, ordering: .relaxed) }

  package func check() throws(CancellationError) {
    if isCancelled { throw CancellationError() }
  }
}
