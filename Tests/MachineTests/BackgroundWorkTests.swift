import Machine
import Synchronization
import Testing

/// What another thread begins is done whether or not there is another thread.
@Suite struct BackgroundWorkTests {
  @Test func isDoneByWhoeverWaitsWhereNoThreadStarts() {
    let runs = Counter()
    let work = BackgroundWork(start: { _ in }) { _ in runs.advance() }
    #expect(runs.value == 0)
    #expect(work.wait() == 1 && work.wait() == 1)
  }

  /// A thread that starts when all is done finds nothing to do.
  @Test func isDoneOnceHoweverLateTheThread() {
    let runs = Counter()
    var late: (@Sendable () -> Void)?
    let work = BackgroundWork(start: { late = $0 }) { _ in runs.advance() }
    #expect(work.wait() == 1)
    late?()
    #expect(work.wait() == 1 && runs.value == 1)
  }

  @Test func isDoneElsewhere() {
    for round in 0..<200 {
      let work = BackgroundWork { isWanted in isWanted() ? round : -1 }
      #expect(work.wait() == round)
    }
  }

  @Test func learnsThatNobodyWaits() {
    var begun: (@Sendable () -> Void)?
    let wanted = Counter()
    _ = BackgroundWork(start: { begun = $0 }) { isWanted in isWanted() ? wanted.advance() : 0 }
    begun?()
    #expect(begun != nil && wanted.value == 0)
  }

  @Test(arguments: [0, 1, 2, 5]) func sharesOutAHeapOfWork(threads: Int) {
    let (next, done) = (Counter(), Counter())
    onThreads(threads) {
      while next.advance() <= 1000 { done.advance() }
    }
    #expect(done.value == 1000)
  }
}

/// Counts on any thread.
private final class Counter: Sendable {
  private let count = Atomic(0)

  var value: Int { count.load(ordering: .sequentiallyConsistent) }

  @discardableResult func advance() -> Int { count.add(1, ordering: .sequentiallyConsistent).newValue }
}
