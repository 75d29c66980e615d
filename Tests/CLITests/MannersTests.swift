import CLI
import Reports
import Testing

@Suite struct MannersTests {
  static let commands: [any Command] = [SampleCommand(), FailingCommand()]

  @Test(arguments: [
    ("malformed", ExitCode.data, 65), ("mismatch", .data, 65), ("missing", .missing, 66),
    ("unsupported", .unsupported, 69),
  ])
  func familiesHaveTheirCodes(family: String, code: ExitCode, number: Int32) {
    let outcome = Outcome("fail \(family)", commands: Self.commands)
    #expect(outcome.code == code)
    #expect(outcome.code.rawValue == number)
    #expect(outcome.errors == "error: here: \(family)\n")
    #expect(outcome.output == "")
  }

  @Test func whatNobodyExpectedIsABug() {
    let outcome = Outcome("fail", commands: Self.commands)
    #expect(outcome.code.rawValue == 70)
    #expect(
      outcome.errors == """
        error: nobody expected "this"
        This is a bug in zoo: please report it, with the command line.

        """)
  }

  @Test(arguments: [
    ("fail --json", #"{"error":{"family":"bug","exitCode":70,"message":"nobody expected \"this\""}}"#),
    ("fail --json mismatch", #"{"error":{"family":"mismatch","exitCode":65,"message":"here: mismatch"}}"#),
    (
      "fail --json --nope", #"{"error":{"family":"usage","exitCode":64,"message":"--nope: unknown option"}}"#
    ),
  ])
  func errorsAreJSONWhenAskedFor(line: String, expected: String) {
    #expect(Outcome(line, commands: Self.commands).errors == expected + "\n")
  }

  @Test func quietSilencesNotesOnly() {
    #expect(Outcome("sample a -o o", commands: Self.commands).errors == "noted\n")
    let quiet = Outcome("sample a -o o --quiet", commands: Self.commands)
    #expect(quiet.errors == "")
    #expect(quiet.output == ParsingTests.defaults)
    #expect(Outcome("fail -q", commands: Self.commands).errors.hasPrefix("error: "))
  }

  @Test func colourOnlyOnATerminalAndNeverAgainstWishes() {
    let failing = { (isTerminal: Bool, environment: [String: String]) in
      Outcome(["fail", "missing"], commands: Self.commands, isTerminal: isTerminal, environment: environment)
        .errors
    }
    #expect(failing(true, [:]) == "\u{1B}[1;31merror:\u{1B}[0m here: missing\n")
    #expect(failing(true, ["NO_COLOR": ""]) == "\u{1B}[1;31merror:\u{1B}[0m here: missing\n")
    #expect(failing(true, ["NO_COLOR": "1"]) == "error: here: missing\n")
    #expect(failing(true, ["TERM": "dumb"]) == "error: here: missing\n")
    #expect(failing(false, [:]) == "error: here: missing\n")
  }

  @Test func aFullDiskIsAnErrorAReaderWhoLeftIsNot() {
    let errors = CapturedText()
    let full = Console(output: CapturedText(failure: "No space left"), errors: errors, environment: [:])
    let tool = Tool(commands: Self.commands, version: "1")
    #expect(tool.run(["--version"], full) == .missing)
    #expect(errors.text == "error: standard output: cannot be written: No space left\n")
    let gone = Console(output: CapturedText(isGone: true), errors: CapturedText(), environment: [:])
    #expect(tool.run(["--version"], gone) == .success)
    #expect(gone.isOutputGone)
  }

  @Test func widthComesFromTheEnvironmentThenTheTerminal() {
    let console = { (columns: Int?, environment: [String: String]) in
      Console(output: CapturedText(columns: columns), errors: CapturedText(), environment: environment)
    }
    #expect(console(nil, [:]).width == 80)
    #expect(console(132, [:]).width == 132)
    #expect(console(132, ["COLUMNS": "60"]).width == 60)
    #expect(console(1, [:]).width == 20)
  }
}
