import Files
import Foundation
import Machine

/// Long work that runs on a thread of its own from the moment the job is made.
///
/// ``events`` tell what happens meanwhile, ``value`` is the result. Neither has to be read: the work continues, and
/// unread events take next to no memory.
///
/// ```swift
/// let job = try backbone.startTraining(head, on: split)
/// for await event in job.events { print(event) }
/// let model = try await job.value
/// ```
///
/// A cancelled job stops within one batch of images or one step of training and fails with `CancellationError`; a file
/// that it was to write is then unchanged. Scripts call ``wait(_:)``.
public final class Job<Event: Sendable, Value: Sendable>: Sendable {
  /// The events in order. Each event goes to one reader; unread events wait, except those that a later event replaces,
  /// such as the number of images that are done.
  public let events: JobEvents<Event>

  private let outcome: JobOutcome<Value>
  private let cancellation: Cancellation
  /// Done by whoever waits where the system refuses a thread.
  private let work: BackgroundWork<Void>

  /// Starts `work`.
  ///
  /// - Parameter supersedes: whether an event makes the one before worthless, should nobody have read that yet.
  package init(
    superseding supersedes: @escaping @Sendable (_ event: Event, _ unread: Event) -> Bool = { _, _ in false },
    _ work: @escaping @Sendable (JobContext<Event>) throws -> Value
  ) {
    let events = JobEvents<Event>(supersedes: supersedes)
    let outcome = JobOutcome<Value>()
    let cancellation = Cancellation()
    (self.events, self.outcome, self.cancellation) = (events, outcome, cancellation)
    self.work = BackgroundWork(start: Self.start) { _ in
      let result = Result { try work(JobContext(cancellation: cancellation, report: events.send)) }
      events.finish()
      outcome.settle(result)
    }
  }

  private static func start(_ body: @escaping @Sendable () -> Void) {
    Thread.startWherePossible(stackSize: 1 << 21, body)
  }

  /// The result of the work. A task that is cancelled while it waits for this cancels the job.
  ///
  /// - Throws: what the work threw, `CancellationError` where it was cancelled.
  public var value: Value {
    get async throws {
      try await withTaskCancellationHandler {
        try await outcome.value
      } onCancel: {
        cancel()
      }
    }
  }

  /// Asks the work to stop soon; does nothing once it is done.
  public func cancel() { cancellation.cancel() }

  /// Whether the work was asked to stop.
  public var isCancelled: Bool { cancellation.isCancelled }

  /// Blocks until the work is done: for scripts and command-line tools.
  ///
  /// - Parameter observe: told of every event, in order, on the thread that works, which may be the one that waits.
  /// - Returns: ``value``.
  /// - Throws: what ``value`` throws.
  @available(*, noasync, message: "await value in place of blocking a thread that others need")
  @discardableResult
  public func wait(_ observe: @escaping @Sendable (Event) -> Void = { _ in }) throws -> Value {
    events.divert(to: observe)
    work.wait()
    return try outcome.wait()
  }
}

/// What the work of a job may do besides working.
package struct JobContext<Event: Sendable>: Sendable {
  package let cancellation: Cancellation
  package let report: @Sendable (Event) -> Void
}
