import CLI
import Testing

@Suite struct ParsingTests {
  static let commands: [any Command] = [SampleCommand(), FailingCommand()]

  static let defaults = """
    source a rest [] output o
    size nil batch 8
    rate 0.5 mode fast tags []
    dry false json false

    """

  @Test(arguments: [
    "sample a --output o", "sample a --output=o", "sample a -o o", "sample -o o a", "sample -o=o -- a",
  ])
  func oneMeaningInEverySpelling(line: String) {
    let outcome = Outcome(line, commands: Self.commands)
    #expect(outcome.output == Self.defaults)
    #expect(outcome.code == .success)
  }

  @Test func readsEveryKindOfValue() {
    let outcome = Outcome(
      "sample a -o o --size 32 --batch=9 --rate 1 --mode careful -t red --tag green --dry-run b - -5 --json -- --c",
      commands: Self.commands)
    #expect(
      outcome.output == """
        source a rest ["b", "-", "-5", "--c"] output o
        size 32 batch 9
        rate 1.0 mode careful tags ["red", "green"]
        dry true json true

        """)
  }

  @Test func anAttachedValueMayBeginWithADashOrHoldAnEqualsSign() {
    #expect(Outcome("sample a --output=-o=x", commands: Self.commands).output.contains("output -o=x\n"))
  }

  @Test(arguments: [
    ("sample -o o", "SOURCE: missing (what to read)"),
    ("sample a", "--output FILE: missing (where to write)"),
    ("sample a -o", "--output: a value is missing; write --output FILE"),
    ("sample a -o --dry-run", "--output: a value is missing; write --output FILE"),
    (
      "sample a --output= ", "--output: expected a file name (./- for a file named -), found ''"
    ),
    ("sample a -o -", "--output: expected a file name (./- for a file named -), found '-'"),
    ("sample a -o o --size 31", "--size: expected an integer from 32 to 64, found '31'"),
    ("sample a -o o --size many", "--size: expected an integer from 32 to 64, found 'many'"),
    (
      "sample a -o o --size 99999999999999999999",
      "--size: expected an integer from 32 to 64, found '99999999999999999999'"
    ),
    ("sample a -o o --batch 0", "--batch: expected an integer of at least 1, found '0'"),
    ("sample a -o o --rate nan", "--rate: expected a number from 0.0 to 1.0, found 'nan'"),
    ("sample a -o o --rate 0x0", "--rate: expected a number from 0.0 to 1.0, found '0x0'"),
    ("sample a -o o --rate 1e-400", "--rate: expected a number from 0.0 to 1.0, found '1e-400'"),
    ("sample a -o o --rate -0.5", "--rate: expected a number from 0.0 to 1.0, found '-0.5'"),
    (
      "sample a -o o --mode carefull",
      "--mode: expected one of fast, careful, found 'carefull'; did you mean careful?"
    ),
    ("sample a -o o -t blue", "--tag: expected one of red, green, found 'blue'"),
    ("sample a -o o --size 32 --size 33", "--size: given more than once, as '32' and '33'; keep one"),
    ("sample a -o o --dry-run=yes", "--dry-run: takes no value, found 'yes'; leave the value out"),
    ("sample a -o o --bach 3", "--bach: unknown option; did you mean --batch?"),
    ("sample a -o o -x", "-x: unknown option"),
    ("fail missing twice", "twice: unexpected argument; expected one"),
  ])
  func saysWhatIsWrong(line: String, sentence: String) {
    let outcome = Outcome(line, commands: Self.commands)
    #expect(outcome.errors.split(separator: "\n").first.map(String.init) == "error: \(sentence)")
    #expect(outcome.output == "")
    #expect(outcome.code == .usage)
  }

  @Test(arguments: [
    ("sampel", "error: sampel: unknown verb; did you mean sample?\nSee zoo help.\n"),
    ("quantize", "error: quantize: unknown verb\nSee zoo help.\n"),
    (
      "--quiet sample",
      "error: --quiet: is before the verb; options go after it, as in zoo VERB --quiet\nSee zoo help.\n"
    ),
    ("help sampel", "error: sampel: unknown verb; did you mean sample?\nSee zoo help.\n"),
    (
      "sample",
      """
      error: SOURCE: missing (what to read)
      Usage: zoo sample SOURCE [EXTRA...] -o FILE [OPTIONS]
      See zoo help sample.

      """
    ),
  ])
  func pointsToHelp(line: String, expected: String) {
    let outcome = Outcome(line, commands: Self.commands)
    #expect(outcome.errors == expected)
    #expect(outcome.code == .usage)
  }
}
