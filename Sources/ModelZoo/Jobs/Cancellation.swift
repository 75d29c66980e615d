import Synchronization

/// A wish to stop, seen by whoever looks.
final class Cancellation: Sendable {
  private let isAsked = Atomic(false)

  var isCancelled: Bool { isAsked.load(ordering: .relaxed) }

  func cancel() { isAsked.store(true, ordering: .relaxed) }

  func check() throws(CancellationError) {
    if isCancelled { throw CancellationError() }
  }
}
