import Synchronization

/// The events of a job as an asynchronous sequence that ends when the job does.
///
/// Several tasks may read at a time; each event goes to one of them. A task that is cancelled reads no further.
public final class JobEvents<Event: Sendable>: AsyncSequence, Sendable {
  /// Reads events.
  public struct Iterator: AsyncIteratorProtocol {
    let events: JobEvents<Event>

    /// The next event; nil when the job is done or the task was cancelled.
    public mutating func next() async -> Event? { await events.next() }
  }

  private typealias Reader = (number: Int, resume: CheckedContinuation<Event?, Never>)

  private struct State {
    var unread: [Event] = []
    var readers: [Reader] = []
    var readerCount = 0
    var observer: (@Sendable (Event) -> Void)?
    var isFinished = false
  }

  private let state = Mutex(State())
  private let supersedes: @Sendable (_ event: Event, _ unread: Event) -> Bool

  init(supersedes: @escaping @Sendable (Event, Event) -> Bool) { self.supersedes = supersedes }

  /// Starts reading where others stopped.
  public func makeAsyncIterator() -> Iterator { Iterator(events: self) }

  /// Hands `event` to an observer or a reader, or keeps it for one. Called by one thread at a time.
  func send(_ event: Event) {
    let observer = state.withLock { state in
      if state.observer == nil { store(event, &state) }
      return state.observer
    }
    observer?(event)
  }

  private func store(_ event: Event, _ state: inout State) {
    if !state.readers.isEmpty {
      state.readers.removeFirst().resume.resume(returning: event)
    } else if let last = state.unread.last, supersedes(event, last) {
      state.unread[state.unread.count - 1] = event
    } else {
      state.unread.append(event)
    }
  }

  /// There will be no more.
  func finish() {
    state.withLock { state in
      state.isFinished = true
      for reader in state.readers { reader.resume.resume(returning: nil) }
      state.readers = []
    }
  }

  /// Has every event go to `observer` from now on, those first that wait to be read.
  func divert(to observer: @escaping @Sendable (Event) -> Void) {
    state.withLock { state in
      for event in state.unread { observer(event) }
      (state.unread, state.observer) = ([], observer)
    }
  }

  private func next() async -> Event? {
    let number = state.withLock { state in
      state.readerCount += 1
      return state.readerCount
    }
    return await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        state.withLock { state in
          if !state.unread.isEmpty {
            continuation.resume(returning: state.unread.removeFirst())
          } else if state.isFinished || Task.isCancelled {
            continuation.resume(returning: nil)
          } else {
            state.readers.append((number, continuation))
          }
        }
      }
    } onCancel: {
      state.withLock { state in
        guard let place = state.readers.firstIndex(where: { $0.number == number }) else { return }
        state.readers.remove(at: place).resume.resume(returning: nil)
      }
    }
  }
}
