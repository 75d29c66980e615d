import Synchronization

/// Results of many images as an asynchronous sequence, in the order of the images, computed a batch at a time when they
/// are asked for.
///
/// Memory stays at about two batches however many images there are. Every iteration computes anew. A task that is cancelled
/// gets `CancellationError` within a batch.
///
/// ```swift
/// for try await row in backbone.features(of: dataset) { print(row.file, row.features.shape) }
/// ```
public struct BatchedSequence<Element: Sendable>: AsyncSequence, Sendable {
  /// Hands out results, and computes the next batch when it has none left.
  public struct Iterator: AsyncIteratorProtocol {
    private let run: BatchedRun<Element>
    private var batch: ArraySlice<Element> = []

    fileprivate init(_ open: @escaping BatchedRun<Element>.Open) { run = BatchedRun(open) }

    /// The next result; nil after the last.
    ///
    /// - Throws: what computing throws, `CancellationError` in a task that was cancelled.
    public mutating func next() async throws -> Element? {
      while batch.isEmpty {
        let run = run
        guard let next = try await Offload.run({ try run.next($0) }) else { return nil }
        batch = next[...]
      }
      return batch.removeFirst()
    }
  }

  private let open: BatchedRun<Element>.Open

  /// A sequence of the batches that come out of what `open` gives; opened anew for every iteration.
  package init(_ open: @escaping BatchedRun<Element>.Open) { self.open = open }

  /// Starts with the first image; nothing is read until the first result is asked for.
  public func makeAsyncIterator() -> Iterator { Iterator(open) }

  /// All results in memory.
  ///
  /// - Throws: what computing throws, and `CancellationError`.
  public func collect() async throws -> [Element] {
    var all: [Element] = []
    for try await element in self { all.append(element) }
    return all
  }

  /// Blocks until `body` was given every result, in order, as soon as it is there: for scripts and command-line tools.
  ///
  /// - Throws: what computing throws, and what `body` throws, which ends it.
  @available(*, noasync, message: "use for try await in place of blocking a thread that others need")
  public func wait(_ body: (Element) throws -> Void) throws { try wait(Cancellation(), body) }

  /// The same, until `cancellation` is asked for: then it throws `CancellationError` within a batch.
  @available(*, noasync, message: "use for try await in place of blocking a thread that others need")
  package func wait(_ cancellation: Cancellation, _ body: (Element) throws -> Void) throws {
    let run = BatchedRun(open)
    while let batch = try run.next(cancellation) {
      for element in batch { try body(element) }
    }
  }
}

/// One iteration of a sequence, which goes from thread to thread.
package final class BatchedRun<Element: Sendable>: Sendable {
  /// Gets ready; the closure that is returned gives batch after batch, and nil when there are no more.
  package typealias Open = @Sendable () throws -> Next
  package typealias Next = (Cancellation) throws -> [Element]?

  private let open: Open
  private let next = Mutex<Next?>(nil)

  init(_ open: @escaping Open) { self.open = open }

  func next(_ cancellation: Cancellation) throws -> [Element]? {
    try next.withLock { next in
      let step = if let opened = next { opened } else { try open() }
      // What failed once, or came to its end, gives nothing more.
      next = { _ in nil }
      guard let batch = try step(cancellation) else { return nil }
      next = step
      return batch
    }
  }
}
