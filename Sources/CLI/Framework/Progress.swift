import Reports
import Synchronization

/// How much time has passed: the real thing, or a test's.
package protocol Stopwatch: Sendable {
  /// The seconds since the watch was made.
  var seconds: Double { get }
}

/// A stopwatch that no change of the time of day disturbs.
package struct MonotonicStopwatch: Stopwatch {
  private let start = ContinuousClock.now

  package init() {}

  package var seconds: Double {
    let (whole, atto) = start.duration(to: .now).components
    return Double(whole) + Double(atto) * 1e-18
  }
}

/// A job's progress, shown while it happens. Any thread may advance it.
package final class Progress: Sendable {
  enum Manner { case silent, bar, lines }

  private struct State {
    var done = 0
    var details: [String] = []
    var lastDrawn: Double?
    var isFinished = false
  }

  private let title: String
  private let bar: ProgressBar
  private let manner: Manner
  private let sink: any TextSink
  private let openBar: OpenBar
  private let columns: Int
  private let clock: any Stopwatch
  private let state = Mutex(State())

  init(
    title: String, bar: ProgressBar, manner: Manner, sink: any TextSink, openBar: OpenBar, columns: Int,
    clock: any Stopwatch
  ) {
    self.title = title
    self.bar = bar
    self.manner = manner
    self.sink = sink
    self.openBar = openBar
    self.columns = columns
    self.clock = clock
  }

  /// Counts `count` more units; `details` are shown last (`loss: 0.1250`). The last unit is the end.
  package func advance(by count: Int = 1, details: [String] = []) {
    state.withLock { state in
      guard !state.isFinished else { return }
      state.done += count
      state.details = details
      state.isFinished = state.done == bar.total
      draw(&state, isLast: state.isFinished)
    }
  }

  /// Shows the end, where the last unit did not. Further calls do nothing.
  package func finish() {
    state.withLock { state in
      guard !state.isFinished else { return }
      state.isFinished = true
      draw(&state, isLast: true)
    }
  }

  /// Draws a bar at most ten times, a line of a log at most once in ten seconds.
  private func draw(_ state: inout State, isLast: Bool) {
    let now = clock.seconds
    let pause = manner == .bar ? 0.1 : 10
    let isDue =
      manner == .bar ? now - (state.lastDrawn ?? -1) >= pause : now - (state.lastDrawn ?? 0) >= pause
    guard manner != .silent, isLast || isDue else { return }
    state.lastDrawn = now
    if manner == .bar {
      let line = bar.line(done: state.done, seconds: now, details: state.details)
      openBar.draw(String("\(title) \(line)".prefix(columns - 1)), isLast: isLast, on: sink)
    } else {
      sink.write("\(title): \(bar.plainLine(done: state.done, seconds: now, details: state.details))\n")
    }
  }
}
