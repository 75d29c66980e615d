import Dispatch
import Synchronization

/// Applies `transform` to every index, on at most `threads` threads; results come in the order of the indices.
func concurrentMap<Element: Sendable>(
  _ indices: Range<Int>, threads: Int, _ transform: @Sendable (Int) -> Element
) -> [Element] {
  guard threads > 1, indices.count > 1 else { return indices.map(transform) }
  let next = Atomic(indices.lowerBound)
  let results = Mutex([Element?](repeating: nil, count: indices.count))
  DispatchQueue.concurrentPerform(iterations: min(threads, indices.count)) { _ in
    while case let index = next.add(1, ordering: .relaxed).oldValue, index < indices.upperBound {
      let element = transform(index)
      results.withLock { $0[index - indices.lowerBound] = element }
    }
  }
  return results.withLock { $0.compactMap(\.self) }
}
