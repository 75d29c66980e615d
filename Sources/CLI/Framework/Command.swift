/// One verb of `zoo`: what it is called, what it takes, what it does.
///
/// A verb is one file, `Sources/CLI/Verbs/<Verb>Command.swift`, and one line in `Registry.swift`. What it takes are
/// stored properties, so that `run` reads them by name and type:
///
///     struct CountCommand: Command {
///       private let files = Argument.list("FILE", help: "what to count")
///       private let limit = Option("limit", value: "N", .integer(in: 1...99), default: 10, help: "…")
///
///       let name = "count"
///       let abstract = "count the lines of files"
///       let example = "zoo count --limit 5 a.txt b.txt"
///       var declarations: [any CommandArgument] { [files, limit] }
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
  var declarations: [any CommandArgument] { get }

  /// The options under headings, where there are too many for one list; ``declarations`` has them, too.
  var groups: [OptionGroup] { get }

  /// The names of the options that `--help` explains where there are groups: ten at most, all that must be given among
  /// them.
  var essentials: [String] { get }

  /// Does the work. Whatever it throws becomes a message and an exit code.
  func run(_ arguments: Arguments, _ console: Console) throws
}

extension Command {
  package var discussion: String { "" }

  package var groups: [OptionGroup] { [] }

  package var essentials: [String] { [] }

  /// What the verb takes, with what every verb takes.
  var allDeclarations: [any CommandArgument] { declarations + [Common.quiet, Common.help, Common.helpAll] }
}
