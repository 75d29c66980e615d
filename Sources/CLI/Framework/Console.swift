package import Foundation
package import ModelZoo
package import Reports

/// What a verb talks to: results on standard output, everything said about them on standard error.
package struct Console: Sendable {
  private let output: any TextSink
  private let errors: any TextSink
  private let bar = OpenBar()
  /// What the tool was started with.
  let environment: [String: String]
  /// What a `-` in place of a file stands for.
  let input: FileHandle

  /// Whether to leave out what is only said to pass the time.
  package internal(set) var isQuiet = false
  /// Whether tables may be wider than the terminal.
  var isWide = false
  /// Whether errors are printed as JSON.
  var showsErrorsAsJSON = false

  package init(
    output: any TextSink, errors: any TextSink, environment: [String: String],
    input: FileHandle = .standardInput
  ) {
    self.input = input
    self.output = output
    self.errors = errors
    self.environment = environment
  }

  /// Prints a line of the result.
  package func print(_ line: String = "") { self.print(StyledText(line)) }

  /// Prints a line of the result, styled where that is possible.
  package func print(_ line: StyledText) { put(shown(line, on: output) + "\n") }

  /// Prints text of the result without a line end of its own: exactly as it is, but for commands to a terminal, if there
  /// is one.
  package func write(_ text: String) {
    put(output.isTerminal ? shown(StyledText(text), on: output) : text)
  }

  private func put(_ text: String) {
    if output.isTerminal {
      bar.clear(on: errors)
      if !text.isEmpty { bar.isAfterLineStart = !text.hasSuffix("\n") }
    }
    output.write(text)
  }

  /// Prints a result for machines, ending its last line.
  package func print(_ json: JSON) { write(json.pretty.printableJSON + "\n") }

  /// Prints a table of the result.
  package func print(_ table: Table) {
    for line in table.fitting(tableWidth).styledLines { self.print(line) }
  }

  /// Says what is going on, on standard error; silent with `--quiet`.
  package func note(_ line: String) {
    if !isQuiet { complain(line) }
  }

  /// Prints what `EpochPrinter` writes as it is, since nothing in it is a stranger's: on standard output or, as a note, on
  /// standard error; silent with `--quiet`.
  package func draw(_ text: String, asNote: Bool) {
    guard !isQuiet else { return }
    if asNote { errors.write(text) } else { put(text) }
  }

  /// Warns of something that does not stop the work, on standard error, even with `--quiet`.
  package func warn(_ sentence: String) {
    complain(StyledText("warning:", .bold, .yellow) + " \(sentence)")
  }

  /// Prints what stopped the work, on standard error.
  func fail(_ sentence: String) {
    complain(StyledText("error:", .bold, .red) + " \(sentence)")
  }

  /// Prints a line on standard error whatever was asked for.
  func complain(_ line: String) { complain(StyledText(line)) }

  private func complain(_ line: StyledText) { complain(of: shown(line, on: errors) { $0.cuttingLongNames }) }

  /// Prints an error for machines on standard error, with whole names.
  func complain(_ json: JSON) { complain(of: shown(StyledText(json.compact), on: errors)) }

  private func complain(of text: String) {
    bar.clear(on: errors)
    if errors.isTerminal, bar.isAfterLineStart { errors.write("\n") }
    bar.isAfterLineStart = false
    errors.write(text + "\n")
  }

  /// What of a text may reach a stream: names and texts of files are strangers', and a terminal obeys what it is sent. Line
  /// ends stay, and our own styles where the stream gets any.
  private func shown(
    _ text: StyledText, on sink: any TextSink, cut: (String) -> String = { $0 }
  ) -> String {
    allowsColour(sink) ? text.terminalText { cut(Self.escaped($0)) } : cut(Self.escaped(text.plain))
  }

  private static func escaped(_ text: String) -> String {
    text.replacing("\r\n", with: "\n").printable(keeping: ["\n"])
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

  /// What reads the text of epochs on standard output or, as notes, on standard error.
  package func surface(asNote: Bool) -> EpochPrinter.Surface {
    let sink = asNote ? errors : output
    guard sink.isTerminal, !isDumb else { return .log }
    return allowsColour(sink) ? .keras : .plain
  }

  /// The columns that a table on standard output may take; nil where no terminal reads it, and where that was asked for.
  package var tableWidth: Int? { output.isTerminal && !isWide ? width : nil }

  /// Why the result could not be written.
  var outputFailure: String? { output.failure }

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
