import CLI
import Synchronization
import Testing

/// A watch that shows what the test sets.
final class HandStopwatch: Stopwatch {
  private let time = Mutex(0.0)

  var seconds: Double {
    get { time.withLock(\.self) }
    set { time.withLock { $0 = newValue } }
  }
}

@Suite struct ProgressTests {
  private func draw(
    isTerminal: Bool, columns: Int? = nil, words: [String] = [], environment: [String: String] = [:]
  ) -> String {
    let sink = CapturedText(isTerminal: isTerminal, columns: columns)
    let console = Console(output: CapturedText(), errors: sink, environment: environment)
    let clock = HandStopwatch()
    let command = ProgressCommand(clock: clock)
    #expect(Tool(commands: [command], version: "1").run(["progress"] + words, console) == .success)
    return sink.text
  }

  @Test func aBarOnATerminal() {
    let bar = { (line: String) in "\rimages \(line)\u{1B}[K" }
    let last = "4/4 [==============================] - 20s 5s/image - 0.2 images/s"
    #expect(
      draw(isTerminal: true) == bar("1/4 [======>.......................] - ETA: 21s - 0.1 images/s")
        + bar("3/4 [=====================>........] - ETA: 4s - 0.2 images/s") + bar(last) + "\n")
  }

  @Test func aBarNeverBreaksTheLine() {
    let lines = draw(isTerminal: true, columns: 30).split(separator: "\r").map {
      $0.prefix { $0 != "\u{1B}" }
    }
    #expect(lines.first == "images 1/4 [======>..........")
  }

  @Test func whateverElseIsPrintedTakesTheBarsPlace() {
    let sink = CapturedText(isTerminal: true)
    let console = Console(output: sink, errors: sink, environment: ["NO_COLOR": "1"])
    let progress = console.progress("tensors", total: 2, unit: "tensor", clock: HandStopwatch())
    progress.advance()
    console.warn("careful")
    console.print("result")
    progress.finish()
    console.note("done")
    #expect(
      sink.text == "\rtensors 1/2 [==============>...............] - ETA: 0s\u{1B}[K"
        + "\r\u{1B}[Kwarning: careful\nresult\n"
        + "\rtensors 1/2 [==============>...............] - ETA: 0s\u{1B}[K\ndone\n")
  }

  @Test func linesElsewhere() {
    #expect(
      draw(isTerminal: false) == """
        images: 3 of 4 images - ETA: 4s - 0.2 images/s
        images: 4 of 4 images - 20s - 0.2 images/s

        """)
  }

  /// What is done after the last unit is not on its clock.
  @Test func theLastUnitIsTheEnd() {
    let (sink, clock) = (CapturedText(), HandStopwatch())
    let console = Console(output: CapturedText(), errors: sink, environment: [:])
    let progress = console.progress("images", total: 1, unit: "image", clock: clock)
    clock.seconds = 2
    progress.advance()
    clock.seconds = 500
    progress.finish()
    #expect(sink.text == "images: 1 of 1 image - 2s - 0.5 images/s\n")
  }

  @Test func linesOnATerminalThatCannotDraw() {
    #expect(draw(isTerminal: true, environment: ["TERM": "dumb"]) == draw(isTerminal: false))
  }

  @Test(arguments: [true, false]) func nothingWhenQuiet(isTerminal: Bool) {
    #expect(draw(isTerminal: isTerminal, words: ["--quiet"]) == "")
  }
}

/// Counts four images: after 7, 7.05, 14 and 20 seconds.
private struct ProgressCommand: Command {
  let clock: HandStopwatch
  let name = "progress"
  let abstract = "count to four"
  let example = "zoo progress"
  var declarations: [any CommandArgument] { [] }

  func run(_ arguments: Arguments, _ console: Console) throws {
    let progress = console.progress("images", total: 4, unit: "image", clock: clock)
    for seconds in [7, 7.05, 14, 20] {
      clock.seconds = seconds
      progress.advance()
    }
    progress.finish()
    progress.finish()
  }
}
