import Foundation
import ModelZoo
import Synchronization
import Testing

@Suite("Jobs")
struct JobTests {
  private struct Failure: Error {}

  /// Reports the numbers up to `count`, one after the other, and comes to their sum.
  private static func counting(to count: Int) -> Job<Int, Int> {
    Job { context in
      for number in 1...count { context.report(number) }
      return (1...count).reduce(0, +)
    }
  }

  /// Works until it is cancelled.
  private static func endless() -> Job<Int, Int> {
    Job(superseding: { _, _ in true }) { context in
      for number in 0... {
        try context.cancellation.check()
        context.report(number)
        Thread.sleep(forTimeInterval: 0.001)
      }
      return 0
    }
  }

  @Test func tellsEverythingInOrderAndThenItsValue() async throws {
    let job = Self.counting(to: 1000)
    var events: [Int] = []
    for await event in job.events { events.append(event) }
    #expect(events == Array(1...1000))
    #expect(try await job.value == 500_500)
    #expect(try await job.value == 500_500)
    for await _ in job.events { Issue.record("an event after the end") }
  }

  @Test func nobodyNeedListen() async throws { #expect(try await Self.counting(to: 10).value == 55) }

  @Test func twoReadersShareTheEvents() async throws {
    let job = Self.counting(to: 500)
    let events = await withTaskGroup(of: [Int].self, returning: [Int].self) { group in
      for _ in 0..<2 {
        group.addTask {
          var own: [Int] = []
          for await event in job.events { own.append(event) }
          return own
        }
      }
      return await group.reduce(into: []) { all, own in
        #expect(own == own.sorted())
        all += own
      }
    }
    #expect(events.sorted() == Array(1...500))
  }

  @Test func whatIsWorthlessIsNotKept() async throws {
    let job = Job<Int, Int>(superseding: { event, unread in event / 100 == unread / 100 }) { context in
      for number in 0..<400 { context.report(number) }
      return 0
    }
    _ = try await job.value
    var events: [Int] = []
    for await event in job.events { events.append(event) }
    #expect(events == [99, 199, 299, 399])
  }

  @Test func failsWithWhatTheWorkThrows() async throws {
    let job = Job<Int, Int> { _ in throw Failure() }
    await #expect(throws: Failure.self) { try await job.value }
    #expect(throws: Failure.self) { try Self.waited(for: job) }
  }

  @Test func aCancelledJobStops() async throws {
    let job = Self.endless()
    for await event in job.events where event >= 0 { break }
    #expect(!job.isCancelled)
    job.cancel()
    #expect(job.isCancelled)
    await #expect(throws: CancellationError.self) { try await job.value }
    for await _ in job.events {}
  }

  @Test func aTaskThatIsCancelledCancelsTheJobItWaitsFor() async throws {
    let job = Self.endless()
    let task = Task { try await job.value }
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
    #expect(job.isCancelled)
  }

  @Test func aTaskThatIsCancelledReadsNoFurther() async throws {
    let hold = Mutex(false)
    let job = Job<Int, Int> { context in
      while !hold.withLock({ $0 }) {
        try context.cancellation.check()
        Thread.sleep(forTimeInterval: 0.001)
      }
      return 7
    }
    let reader = Task {
      var count = 0
      for await _ in job.events { count += 1 }
      return count
    }
    reader.cancel()
    #expect(await reader.value == 0)
    #expect(!job.isCancelled)
    hold.withLock { $0 = true }
    #expect(try await job.value == 7)
  }

  private static func waited<Value: Sendable>(
    for job: Job<Int, Value>, _ observe: @escaping @Sendable (Int) -> Void = { _ in }
  ) throws -> Value { try job.wait(observe) }

  @Test func scriptsWaitAndAreToldEverythingInOrder() throws {
    let events = Locked<[Int]>([])
    #expect(try Self.waited(for: Self.counting(to: 100)) { events.value.append($0) } == 5050)
    #expect(events.value == Array(1...100))
  }

  @Test func sequencesComputeBatchesWhenTheyAreAskedFor() async throws {
    let asked = Locked(0)
    let sequence = BatchedSequence<Int> {
      var next = 0
      return { _ in
        asked.value += 1
        defer { next += 1 }
        return next < 4 ? (next == 1 ? [] : [10 * next, 10 * next + 1]) : nil
      }
    }
    var found: [Int] = []
    for try await number in sequence {
      found.append(number)
      if number == 1 { #expect(asked.value == 1) }
    }
    #expect(found == [0, 1, 20, 21, 30, 31])
    #expect(try await sequence.collect() == found)
    #expect(asked.value == 10)
    var iterator = sequence.makeAsyncIterator()
    while try await iterator.next() != nil {}
    #expect(try await iterator.next() == nil)
  }

  @Test func aSequenceEndsWithItsError() async throws {
    let sequence = BatchedSequence<Int> {
      var isFirst = true
      return { _ in
        defer { isFirst = false }
        if isFirst { return [1] }
        throw Failure()
      }
    }
    var iterator = sequence.makeAsyncIterator()
    #expect(try await iterator.next() == 1)
    await #expect(throws: Failure.self) { try await iterator.next() }
    #expect(try await iterator.next() == nil)
    func blocking() throws -> [Int] {
      var found: [Int] = []
      #expect(throws: Failure.self) { try sequence.wait { found.append($0) } }
      return found
    }
    #expect(try blocking() == [1])
  }

  @Test func aTaskThatIsCancelledGetsNoFurtherBatch() async throws {
    let sequence = BatchedSequence<Int> {
      { cancellation in
        while true {
          try cancellation.check()
          Thread.sleep(forTimeInterval: 0.001)
        }
      }
    }
    let task = Task { for try await _ in sequence {} }
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
  }
}
