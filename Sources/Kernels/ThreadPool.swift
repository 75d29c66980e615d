import Foundation
import Machine
import Synchronization

/// A fixed number of threads that share out numbered tasks.
///
/// Threads sleep when there is nothing to do. Every thread begins with its own share of the tasks, so that what it wrote in one
/// step is in its cache in the next, of which it begins with the end, written last; and it helps the others when it is done.
/// Which thread does which task is left to chance in the end, and kernels are made so that it does not matter. Where the system
/// starts fewer threads than were wanted, those there are do the work.
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
    Thread.startWherePossible { [crew] in crew.work(as: worker) }
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
    /// Whether shares are worked through from their ends: in every second round.
    var isReversed = false
    /// The workers that have reported for work: they alone are waited for.
    var present: [Int] = []
  }

  private let round = Atomic(0)
  private let shares: [Share]
  private let unfinishedWorkers = Atomic(0)
  private let isDismissed = Atomic(false)
  private let job = Mutex(Job())
  private let workerGates: [Gate]
  private let callerGate = Gate()

  init(workers: Int) {
    workerGates = (0..<workers).map { _ in Gate() }
    shares = (0...workers).map { _ in Share() }
  }

  /// Called by one thread at a time.
  func run(_ count: Int, _ body: @escaping Body) {
    let isReversed = nextRound { job in
      (job.count, job.body) = (count, body)
      job.isReversed.toggle()
      for thread in shares.indices { shares[thread].next.store(start(thread, of: count), ordering: .relaxed) }
      unfinishedWorkers.store(job.present.count, ordering: .relaxed)
    }
    perform(count, body, isReversed, thread: workerGates.count)
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
      let (count, body, isReversed) = job.withLock { ($0.count, $0.body, $0.isReversed) }
      perform(count, body, isReversed, thread: worker)
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

  /// Begins a round of those who are there by now; returns whether it is a reversed one.
  @discardableResult
  private func nextRound(_ prepare: (inout Job) -> Void) -> Bool {
    let (present, isReversed) = job.withLock { job in
      prepare(&job)
      round.add(1, ordering: .sequentiallyConsistent)
      return (job.present, job.isReversed)
    }
    for worker in present { workerGates[worker].wake() }
    return isReversed
  }

  private func perform(_ count: Int, _ body: Body, _ isReversed: Bool, thread: Int) {
    for index in thread..<thread + shares.count {
      let owner = index % shares.count
      let (first, end) = (start(owner, of: count), start(owner + 1, of: count))
      while true {
        let task = shares[owner].next.add(1, ordering: .relaxed).oldValue
        if task >= end { break }
        body(isReversed ? first + end - 1 - task : task, thread)
      }
    }
  }

  /// Where the share of a thread begins.
  private func start(_ thread: Int, of count: Int) -> Int { count * thread / shares.count }
}

/// Neighbouring tasks that one thread begins with.
private final class Share: Sendable {
  /// The first that nobody has taken.
  let next = Atomic(0)
}
