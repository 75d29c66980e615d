import Dispatch
import Synchronization

/// Updates two values at the same time, each on a thread of its own; returns when both are done.
func concurrently<First: Sendable, Second: Sendable>(
  _ first: inout First, _ updateFirst: @Sendable (inout First) -> Void,
  _ second: inout Second, _ updateSecond: @Sendable (inout Second) -> Void
) {
  let one = Mutex(first)
  let other = Mutex(second)
  DispatchQueue.concurrentPerform(iterations: 2) { index in
    if index == 0 { one.withLock { updateFirst(&$0) } } else { other.withLock { updateSecond(&$0) } }
  }
  first = one.withLock { $0 }
  second = other.withLock { $0 }
}
