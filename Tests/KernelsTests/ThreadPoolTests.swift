import Synchronization
import Testing

import Kernels

@Suite struct ThreadPoolTests {
  @Test(arguments: [1, 2, 3, 8]) func everyTaskRunsOnce(threads: Int) {
    let pool = ThreadPool(threads: threads)
    for count in [0, 1, 2, 7, 100] {
      let runs = Mutex([Int](repeating: 0, count: count))
      let workers = Mutex(Set<Int>())
      pool.forEach(count) { task, thread in
        runs.withLock { $0[task] += 1 }
        workers.withLock { _ = $0.insert(thread) }
      }
      #expect(runs.withLock { $0 } == [Int](repeating: 1, count: count))
      #expect(workers.withLock { $0.isSubset(of: Set(0..<threads)) })
    }
  }

  @Test func manyRoundsOneAfterAnother() {
    let pool = ThreadPool(threads: 3)
    let total = Atomic(0)
    for _ in 0..<2_000 { pool.forEach(4) { task, _ in total.add(task, ordering: .relaxed) } }
    #expect(total.load(ordering: .relaxed) == 12_000)
  }

  /// The system may refuse threads: then those there are do everything, and nobody waits for the others.
  @Test(arguments: [0, 1, 3]) func fewerThreadsThanWantedDoAllTheWork(started: Int) {
    let pool = ThreadPool(threads: 4, started: started)
    let total = Atomic(0)
    for _ in 0..<200 { pool.forEach(9) { task, _ in total.add(task, ordering: .relaxed) } }
    #expect(total.load(ordering: .relaxed) == 200 * 36)
  }

  @Test func threadsThatFellAsleepWakeUp() async throws {
    let pool = ThreadPool(threads: 2)
    let total = Atomic(0)
    for _ in 0..<3 {
      try await Task.sleep(for: .milliseconds(20))
      pool.forEach(8) { _, _ in total.add(1, ordering: .relaxed) }
    }
    #expect(total.load(ordering: .relaxed) == 24)
  }

  @Test func callersTakeTurns() async {
    let pool = ThreadPool(threads: 2)
    let tally = Tally()
    await withTaskGroup(of: Void.self) { group in
      for _ in 0..<4 {
        group.addTask {
          for _ in 0..<100 { pool.forEach(3) { _, _ in tally.total.add(1, ordering: .relaxed) } }
        }
      }
    }
    #expect(tally.total.load(ordering: .relaxed) == 1_200)
  }
}

private final class Tally: Sendable {
  let total = Atomic(0)
}
