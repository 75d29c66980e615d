import CKernels
import Dispatch
import Synchronization

/// Where one thread waits for a condition that another makes true: a short spin, then sleep.
final class Gate: Sendable {
  private let isAsleep = Atomic(false)
  private let semaphore = DispatchSemaphore(value: 0)
  private static let spins = 2_000

  /// Returns once `condition` holds. Whoever makes it hold calls ``wake()`` afterwards.
  func wait(until condition: () -> Bool) {
    while !condition() {
      if spin(until: condition) { return }
      isAsleep.store(true, ordering: .sequentiallyConsistent)
      guard condition() else {
        semaphore.wait()
        continue
      }
      // Somebody may have taken the flag already: then a signal is on its way and must be consumed.
      if !isAsleep.exchange(false, ordering: .sequentiallyConsistent) { semaphore.wait() }
    }
  }

  /// Wakes the waiting thread if it sleeps.
  func wake() {
    if isAsleep.exchange(false, ordering: .sequentiallyConsistent) { semaphore.signal() }
  }

  private func spin(until condition: () -> Bool) -> Bool {
    for _ in 0..<Self.spins {
      if condition() { return true }
      kernels_pause()
    }
    return false
  }
}
