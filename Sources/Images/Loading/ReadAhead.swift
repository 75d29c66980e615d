import Dispatch
import Foundation
import Machine
import Synchronization

/// Reads the files of images ahead of those who decode them, several at a time: where a file system takes its time to answer, that
/// passes beside the work.
///
/// Nobody waits for a file that nobody has begun to read: whoever wants it reads it.
final class ReadAhead<Value: Sendable>: Sendable {
  /// How far ahead of the work files are read.
  struct Limits: Sendable {
    /// Files read at a time.
    var threads: Int
    /// Files ahead of the last that was asked for.
    var count: Int
    /// What the files that wait may take, in bytes; those being read come on top.
    var byteCount = 64 << 20
  }

  private struct State {
    var next = 0
    var lastTaken = -1
    var held: [Int: Value] = [:]
    var heldByteCount = 0
    /// Files that are being read, each with who waits for it.
    var begun: [Int: DispatchSemaphore] = [:]
    /// Files that are read by those who want them.
    var taken: Set<Int> = []
    var sleeperCount = 0
    var isClosed = false
  }

  private enum Step {
    case read(Int), sleep, end
  }

  private let count: Int
  private let limits: Limits
  private let read: @Sendable (Int) -> Value
  private let byteCount: @Sendable (Value) -> Int
  private let state = Mutex(State())
  private let room = DispatchSemaphore(value: 0)

  /// Nothing is read yet.
  ///
  /// - Parameters:
  ///   - count: how many files there are.
  ///   - byteCount: what one that was read takes.
  init(
    _ count: Int, _ limits: Limits, byteCount: @escaping @Sendable (Value) -> Int,
    read: @escaping @Sendable (Int) -> Value
  ) {
    (self.count, self.limits, self.byteCount, self.read) = (count, limits, byteCount, read)
  }

  /// Begins, as far as the system has threads.
  func start() {
    for _ in 0..<min(limits.threads, count) {
      Thread.startWherePossible(stackSize: 512 << 10) { [self] in readAll() }
    }
  }

  /// Ends the threads once they are through with what they read.
  func close() {
    let sleepers = state.withLock { state in
      state.isClosed = true
      state.held = [:]
      defer { state.sleeperCount = 0 }
      return state.sleeperCount
    }
    for _ in 0..<sleepers { room.signal() }
  }

  /// The file `index`, which is asked for once.
  func take(_ index: Int) -> Value {
    while true {
      let (value, begun) = state.withLock { state -> (Value?, DispatchSemaphore?) in
        state.lastTaken = max(state.lastTaken, index)
        if let value = state.held.removeValue(forKey: index) {
          state.heldByteCount -= byteCount(value)
          return (value, nil)
        }
        guard let begun = state.begun[index] else {
          if index >= state.next { state.taken.insert(index) }
          return (nil, nil)
        }
        return (nil, begun)
      }
      wake()
      if let value { return value }
      guard let begun else { return read(index) }
      begun.wait()
    }
  }

  private func readAll() {
    while true {
      switch state.withLock({ step(&$0) }) {
      case .end: return
      case .sleep: room.wait()
      case .read(let index):
        let value = read(index)
        let waiter = state.withLock { state in
          if !state.isClosed {
            state.held[index] = value
            state.heldByteCount += byteCount(value)
          }
          return state.begun.removeValue(forKey: index)
        }
        waiter?.signal()
      }
    }
  }

  private func step(_ state: inout State) -> Step {
    while state.taken.remove(state.next) != nil { state.next += 1 }
    guard !state.isClosed, state.next < count else { return .end }
    guard hasRoom(state) else {
      state.sleeperCount += 1
      return .sleep
    }
    defer { state.next += 1 }
    state.begun[state.next] = DispatchSemaphore(value: 0)
    return .read(state.next)
  }

  private func hasRoom(_ state: State) -> Bool {
    state.heldByteCount < limits.byteCount && state.next <= state.lastTaken + limits.count
  }

  /// Lets one that sleeps look again where there is room.
  private func wake() {
    let wakes = state.withLock { state in
      guard state.sleeperCount > 0, hasRoom(state) else { return false }
      state.sleeperCount -= 1
      return true
    }
    if wakes { room.signal() }
  }
}
