import Foundation
import Synchronization

/// A fixed number of threads that share out numbered tasks.
///
/// Threads sleep when there is nothing to do. Which thread does which task is left to chance; kernels are made
/// so that it does not matter. Where the system starts fewer threads than were wanted, those there are do the work.
package final class ThreadPool: Sendable {
  /// How many threads work, the calling one included.
  package let threadCount: Int
  private let crew: Crew
  private let isBusy = Mutex(())

  /// More threads than these are of no use to anyone.
  package static let mostThreads = 1024

  /// Starts `threads - 1` threads; by default as many work as the machine has processors. Below 1 counts as 1, beyond
  /// ``mostThreads`` as that.
  package init(threads: Int = ProcessInfo.processInfo.activeProcessorCount) {
    threadCount = min(max(1, threads), Self.mostThreads)
    crew = Crew(workers: threadCount - 1)
    for worker in 0..<threadCount - 1 { start(worker) }
  }

  /// As a pool of which only the first `started` workers ever came to life: for tests.
  package init(threads: Int, started: Int) {
    threadCount = max(1, threads)
    crew = Crew(workers: threadCount - 1)
    for worker in 0..<min(started, threadCount - 1) { start(worker) }
  }

  /// Whether that succeeds nobody says; a worker that comes to life reports for work.
  private func start(_ worker: Int) {
    let thread = Thread { [crew] in crew.work(as: worker) }
    thread.stackSize = 1 << 20
    thread.start()
  }

  deinit { crew.dismiss() }

  /// The calling thread alone.
  package static let single = ThreadPool(threads: 1)

  /// The pool for whoever has none of its own.
  package static let shared = ThreadPool()

  /// Calls `body(task, thread)` for every task in `0..<count`, each once, and returns when all are done.
  ///
  /// `thread` is in `0..<threadCount`; no two calls with the same number overlap. A body must not use the
  /// pool itself.
  package func forEach(_ count: Int, _ body: @escaping @Sendable (_ task: Int, _ thread: Int) -> Void) {
    guard threadCount > 1, count > 1 else {
      for task in 0..<max(0, count) { body(task, 0) }
      return
    }
    isBusy.withLock { _ in crew.run(count, body) }
  }
}

extension ThreadPool {
  /// Calls `body(range, thread)` for ranges that tile `0..<count`, each about `unit` long or longer.
  package func forEachRange(
    _ count: Int, unit: Int, _ body: @escaping @Sendable (_ range: Range<Int>, _ thread: Int) -> Void
  ) {
    let tasks = threadCount == 1 ? min(1, count) : (count + unit - 1) / unit
    forEach(tasks) { task, thread in body(count * task / tasks..<count * (task + 1) / tasks, thread) }
  }
}

/// The threads of a pool and what they work on.
private final class Crew: Sendable {
  typealias Body = @Sendable (Int, Int) -> Void

  private struct Job {
    var count = 0
    var body: Body = { _, _ in }
    /// The workers that have reported for work: they alone are waited for.
    var present: [Int] = []
  }

  private let round = Atomic(0)
  private let nextTask = Atomic(0)
  private let unfinishedWorkers = Atomic(0)
  private let isDismissed = Atomic(false)
  private let job = Mutex(Job())
  private let workerGates: [Gate]
  private let callerGate = Gate()

  init(workers: Int) { workerGates = (0..<workers).map { _ in Gate() } }

  /// Called by one thread at a time.
  func run(_ count: Int, _ body: @escaping Body) {
    nextRound { job in
      (job.count, job.body) = (count, body)
      nextTask.store(0, ordering: .relaxed)
      unfinishedWorkers.store(job.present.count, ordering: .relaxed)
    }
    perform(count, body, thread: workerGates.count)
    callerGate.wait { unfinishedWorkers.load(ordering: .acquiring) == 0 }
    job.withLock { ($0.count, $0.body) = (0, { _, _ in }) }
  }

  func work(as worker: Int) {
    var seen = report(worker)
    while true {
      if isDismissed.load(ordering: .acquiring) { return }
      workerGates[worker].wait { round.load(ordering: .sequentiallyConsistent) != seen }
      seen += 1
      if isDismissed.load(ordering: .acquiring) { return }
      let (count, body) = job.withLock { ($0.count, $0.body) }
      perform(count, body, thread: worker)
      let before = unfinishedWorkers.subtract(1, ordering: .sequentiallyConsistent).oldValue
      if before == 1 { callerGate.wake() }
    }
  }

  func dismiss() {
    isDismissed.store(true, ordering: .releasing)
    nextRound { _ in }
  }

  /// From here on the worker takes part in every round; returns the last one that began without it.
  private func report(_ worker: Int) -> Int {
    job.withLock { job in
      job.present.append(worker)
      return round.load(ordering: .sequentiallyConsistent)
    }
  }

  /// Begins a round of those who are there by now.
  private func nextRound(_ prepare: (inout Job) -> Void) {
    let present = job.withLock { job in
      prepare(&job)
      round.add(1, ordering: .sequentiallyConsistent)
      return job.present
    }
    for worker in present { workerGates[worker].wake() }
  }

  private func perform(_ count: Int, _ body: Body, thread: Int) {
    while true {
      let task = nextTask.add(1, ordering: .relaxed).oldValue
      if task >= count { return }
      body(task, thread)
    }
  }
}
