package import Reports

/// What a verb talks to: results on standard output, everything said about them on standard error.
package struct Console: Sendable {
  private let output: any TextSink
  private let errors: any TextSink
  private let bar = OpenBar()
  /// What the tool was started with.
  let environment: [String: String]

  /// Whether to leave out what is only said to pass the time.
  package internal(set) var isQuiet = false
  /// Whether errors are printed as JSON.
  var showsErrorsAsJSON = false

  package init(output: any TextSink, errors: any TextSink, environment: [String: String]) {
    self.output = output
    self.errors = errors
    self.environment = environment
  }

  /// Prints a line of the result.
  package func print(_ line: String = "") { write(shown(line, on: output) + "\n") }

  /// Prints text of the result without a line end of its own: exactly as it is, but for commands to a terminal, if there
  /// is one, other than those that Keras's bars are drawn with.
  package func write(_ text: String) {
    guard output.isTerminal else { return output.write(text) }
    bar.clear(on: errors)
    output.write(shown(text, on: output, keeping: ["\n", "\r", "\u{8}"]))
    if !text.isEmpty { bar.isAfterLineStart = !text.hasSuffix("\n") }
  }

  /// Prints a result for machines, ending its last line.
  package func print(_ json: JSON) { write(json.pretty.printableJSON + "\n") }

  /// Prints a table of the result.
  package func print(_ table: Table) {
    for line in table.lines(style: outputStyle) { self.print(line) }
  }

  /// Says what is going on, on standard error; silent with `--quiet`.
  package func note(_ line: String) {
    if !isQuiet { complain(line) }
  }

  /// Says what is going on exactly as it is, on standard error; silent with `--quiet`.
  package func note(text: String) {
    if !isQuiet { errors.write(shown(text, on: errors, keeping: ["\n", "\r", "\u{8}"])) }
  }

  /// Warns of something that does not stop the work, on standard error, even with `--quiet`.
  package func warn(_ sentence: String) {
    complain(errorStyle.apply(.bold, .yellow, to: "warning:") + " \(sentence)")
  }

  /// Prints what stopped the work, on standard error.
  func fail(_ sentence: String) {
    complain(errorStyle.apply(.bold, .red, to: "error:") + " \(sentence)")
  }

  /// Prints a line on standard error whatever was asked for.
  func complain(_ line: String) {
    bar.clear(on: errors)
    if errors.isTerminal, bar.isAfterLineStart { errors.write("\n") }
    bar.isAfterLineStart = false
    errors.write(shown(line, on: errors) + "\n")
  }

  /// What of a text may reach a stream: names and texts of files are strangers', and a terminal obeys what it is sent. Line
  /// ends stay, and styles where the stream gets any.
  private func shown(
    _ text: String, on sink: any TextSink, keeping kept: Set<Unicode.Scalar> = ["\n"]
  ) -> String {
    allowsColour(sink)
      ? TerminalStyle.mapUnstyled(text) { $0.printable(keeping: kept) } : text.printable(keeping: kept)
  }

  /// Draws on standard error: a bar on a terminal, now and then a line elsewhere, nothing with `--quiet`.
  package func progress(
    _ title: String, total: Int?, unit: String, clock: any Stopwatch = MonotonicStopwatch()
  ) -> Progress {
    let draws = errors.isTerminal && !isDumb
    let manner: Progress.Manner = isQuiet ? .silent : draws ? .bar : .lines
    return Progress(
      title: title, bar: ProgressBar(total: total, unit: unit), manner: manner, sink: errors, openBar: bar,
      columns: errorWidth, clock: clock)
  }

  /// Whether a line can be drawn over and over: results and errors are read on a terminal that can, and nobody
  /// has said a word against it (`--quiet`, `NO_COLOR`).
  package var showsLiveLines: Bool { !isQuiet && output.isTerminal && allowsColour(errors) }

  /// Draws, below everything else, a line of at most the columns that `line` is told; whatever is printed takes
  /// its place.
  package func drawLive(_ line: (_ columns: Int) -> String) {
    bar.draw(line(errorWidth - 1), isLast: false, on: errors)
  }

  /// Takes the line away.
  package func clearLive() { bar.clear(on: errors) }

  /// Whether nobody reads the result any more; long listings may stop.
  package var isOutputGone: Bool { output.isGone }

  /// Why the result could not be written.
  var outputFailure: String? { output.failure }

  /// Styles for text on standard output.
  package var outputStyle: TerminalStyle { TerminalStyle(isEnabled: allowsColour(output)) }

  /// Styles for text on standard error.
  package var errorStyle: TerminalStyle { TerminalStyle(isEnabled: allowsColour(errors)) }

  /// The columns there are on standard output; 80 where nobody says.
  package var width: Int { width(of: output) }

  private var errorWidth: Int { width(of: errors) }

  private func width(of sink: any TextSink) -> Int {
    let told = environment["COLUMNS"].flatMap { Int($0) } ?? sink.columns ?? 80
    return min(max(told, 20), 1000)
  }

  /// Colour needs a terminal that can show it and no wish against it (<https://no-color.org>).
  private func allowsColour(_ sink: any TextSink) -> Bool {
    sink.isTerminal && environment["NO_COLOR", default: ""].isEmpty && !isDumb
  }

  /// Whether the terminal says that it can only write one line after the other.
  private var isDumb: Bool { environment["TERM"] == "dumb" }
}
