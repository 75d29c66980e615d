import Files
import Machine

/// Updates two values, at the same time where there is a thread to spare; returns when both are done.
func concurrently<First, Second: Sendable>(
  _ first: inout First, _ updateFirst: (inout First) -> Void,
  _ second: inout Second, _ updateSecond: @Sendable (inout Second) -> Void
) {
  // It does not escape: it is waited for, and what waits lets go of it.
  second = withoutActuallyEscaping(updateSecond) { [second] updateSecond in
    let other = BackgroundWork { _ in
      var updated = second
      updateSecond(&updated)
      return updated
    }
    updateFirst(&first)
    return other.wait()
  }
}
