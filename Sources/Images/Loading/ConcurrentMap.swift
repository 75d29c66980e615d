import Files
import Machine
import Synchronization

/// Applies `transform` to every index, on at most `threads` threads; results come in the order of the indices.
package func concurrentMap<Element: Sendable>(
  _ indices: Range<Int>, threads: Int, _ transform: @escaping @Sendable (Int) -> Element
) -> [Element] {
  guard threads > 1, indices.count > 1 else { return indices.map(transform) }
  let state = MapState<Element>(indices)
  onThreads(min(threads, indices.count)) {
    while case let index = state.next.add(1, ordering: .relaxed).oldValue, index < indices.upperBound {
      let element = transform(index)
      state.results.withLock { $0[index - indices.lowerBound] = element }
    }
  }
  return state.results.withLock { $0.compactMap(\.self) }
}

/// What the threads of a map share.
private final class MapState<Element: Sendable>: Sendable {
  let next: Atomic<Int>
  let results: Mutex<[Element?]>

  init(_ indices: Range<Int>) {
    next = Atomic(indices.lowerBound)
    results = Mutex([Element?](repeating: nil, count: indices.count))
  }
}
