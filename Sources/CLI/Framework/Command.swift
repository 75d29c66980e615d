/// One verb of `zoo`: what it is called, what it takes, what it does.
///
/// A verb is one file, `Sources/CLI/<Verb>Command.swift`, and one line in `Registry.swift`. Parameters are
/// stored properties, so that `run` reads them by name and type:
///
///     struct CountCommand: Command {
///       private let files = Argument.list("FILE", help: "what to count")
///       private let limit = Option("limit", value: "N", .integer(in: 1...99), default: 10, help: "…")
///
///       let name = "count"
///       let abstract = "count the lines of files"
///       let example = "zoo count --limit 5 a.txt b.txt"
///       var parameters: [any Parameter] { [files, limit] }
///
///       func run(_ arguments: Arguments, _ console: Console) throws {
///         console.print("\(arguments[files].count) files, at most \(arguments[limit])")
///       }
///     }
package protocol Command: Sendable {
  /// The verb as it is typed.
  var name: String { get }

  /// What it does, in one line without a capital or a full stop.
  var abstract: String { get }

  /// What else one should know: paragraphs, wrapped when printed.
  var discussion: String { get }

  /// A command line that works, shown by `--help`; several on several lines.
  var example: String { get }

  /// What the verb takes, in the order help shows it; `--help` and `--quiet` need no mention.
  var parameters: [any Parameter] { get }

  /// Does the work. Whatever it throws becomes a message and an exit code.
  func run(_ arguments: Arguments, _ console: Console) throws
}

extension Command {
  package var discussion: String { "" }

  /// What the verb takes, with what every verb takes.
  var allParameters: [any Parameter] { parameters + [Common.quiet, Common.help] }
}

/// Parameters that several verbs share; a verb lists those it wants.
package enum Common {
  /// Machine output on standard output; errors become JSON too.
  package static let json = Flag("json", help: "print JSON for machines")

  /// More entries than the built-in ones.
  package static let zoo = Option.list(
    "zoo", value: "DIR", .text, help: "also use the entries in DIR; may be repeated")

  /// How many threads to use; the result does not depend on it.
  package static let threads = Option.optional(
    "threads", value: "N", .integer(in: 1...1024), help: "use N threads (default: one per core)")

  /// Understood by every verb.
  static let quiet = Flag("quiet", short: "q", help: "print results, warnings and errors only")

  /// Understood by every verb.
  static let help = Flag("help", short: "h", help: "show this help")
}
