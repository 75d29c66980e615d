import CLI
import Errors
import Tensors

/// A verb with an argument, an option and a flag of every kind, which prints what it was given.
struct SampleCommand: Command {
  enum Mode: String, CaseIterable { case fast, careful }

  private let source = Argument.required("SOURCE", help: "what to read")
  private let rest = Argument.list("EXTRA", isRequired: false, help: "more to read")
  private let output = Option.required("output", short: "o", value: "FILE", .output, help: "where to write")
  private let size = Option.optional("size", value: "N", .integer(in: 32...64), help: "how large")
  private let batch = Option("batch", value: "N", .integer(in: 1 ... .max), default: 8, help: "at once")
  private let rate = Option("rate", value: "X", .number(in: 0...1), default: 0.5, help: "how fast")
  private let mode = Option("mode", value: "MODE", .choice(of: Mode.self), default: .fast, help: "how")
  private let tags = Option.list("tag", short: "t", value: "TAG", .choice(["red", "green"]), help: "a mark")
  private let dry = Flag("dry-run", help: "only say what would happen")

  let name = "sample"
  let abstract = "show every kind of parameter"
  let discussion =
    "Prints what it was given, which is all it does, so that a test can look at it line by line."
  let example = "zoo sample a.txt b.txt -o out.txt"
  var declarations: [any CommandArgument] {
    [source, rest, output, size, batch, rate, mode, tags, dry, Common.json]
  }

  func run(_ arguments: Arguments, _ console: Console) throws {
    console.note("noted")
    console.print("source \(arguments[source]) rest \(arguments[rest]) output \(arguments[output])")
    console.print("size \(arguments[size].map(String.init) ?? "nil") batch \(arguments[batch])")
    console.print("rate \(arguments[rate]) mode \(arguments[mode]) tags \(arguments[tags])")
    console.print("dry \(arguments[dry]) json \(arguments[Common.json])")
  }
}

/// A verb that fails as it is told to.
struct FailingCommand: Command {
  enum Trouble: String, CaseIterable, ZooError {
    case malformed, unsupported, mismatch, missing

    var family: ErrorFamily {
      switch self {
      case .malformed: .malformed
      case .unsupported: .unsupported
      case .mismatch: .mismatch
      case .missing: .missing
      }
    }

    var description: String { "here: \(rawValue)" }
  }

  struct Surprise: Error, CustomStringConvertible { let description = "nobody expected \"this\"" }

  private let trouble = Argument.optional("TROUBLE", help: "what to fail with")

  let name = "fail"
  let abstract = "fail"
  let example = "zoo fail missing"
  var declarations: [any CommandArgument] { [trouble, Common.json] }

  func run(_ arguments: Arguments, _ console: Console) throws {
    if let trouble = arguments[trouble].flatMap(Trouble.init) { throw trouble }
    throw Surprise()
  }
}
