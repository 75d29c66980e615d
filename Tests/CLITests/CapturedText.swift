import CLI
import Foundation
import Synchronization
import TestSupport
import Testing

/// A sink that keeps what is written, as a terminal or as a file would show it.
final class CapturedText: TextSink {
  let isTerminal: Bool
  let columns: Int?
  let isGone: Bool
  let failure: String?
  private let written = Mutex("")

  init(isTerminal: Bool = false, columns: Int? = nil, isGone: Bool = false, failure: String? = nil) {
    self.isTerminal = isTerminal
    self.columns = columns
    self.isGone = isGone
    self.failure = failure
  }

  func write(_ text: String) { written.withLock { $0 += text } }

  var text: String { written.withLock(\.self) }
}

/// What a run of the tool printed and returned.
struct Outcome {
  let code: ExitCode
  let output: String
  let errors: String

  /// Runs `zoo WORDS...` with `commands`, away from any terminal unless told otherwise.
  init(
    _ words: [String], commands: [any Command] = registeredCommands, isTerminal: Bool = false,
    environment: [String: String] = [:], input: FileHandle = .nullDevice
  ) {
    let (output, errors) = (CapturedText(isTerminal: isTerminal), CapturedText(isTerminal: isTerminal))
    let console = Console(output: output, errors: errors, environment: environment, input: input)
    code = Tool(commands: commands, version: "1.2.3").run(words, console)
    (self.output, self.errors) = (output.text, errors.text)
  }

  /// Runs the words of one line, separated by blanks.
  init(_ line: String, commands: [any Command] = registeredCommands) {
    self.init(line.split(separator: " ").map(String.init), commands: commands)
  }
}

/// Compares what was printed with a file under `Tests/Fixtures`; `UPDATE_GOLDEN=1` writes it anew.
func expectGolden(_ text: String, _ fixture: String) throws {
  let path = Repository.fixture(fixture)
  if Repository.updatesGoldenFiles { try text.write(toFile: path, atomically: true, encoding: .utf8) }
  #expect(try String(contentsOfFile: path, encoding: .utf8) == text)
}
