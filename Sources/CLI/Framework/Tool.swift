import ModelZoo
import Reports

/// `zoo` as a function from words to an exit code.
package struct Tool {
  private let commands: [any Command]
  private let version: String

  package init(commands: [any Command], version: String) {
    self.commands = commands
    self.version = version
  }

  /// Does what `words` (without the program's name) say, unless `refuse` throws why not; never throws, never exits.
  package func run(
    _ words: [String], _ console: Console, unless refuse: () throws -> Void = {}
  ) -> ExitCode {
    var console = console
    console.showsErrorsAsJSON = words.prefix { $0 != "--" }.contains("--json")
    do {
      try refuse()
      let code = try dispatched(words, console)
      if let reason = console.outputFailure { throw ConsoleError.cannotWrite(reason: reason) }
      return code
    } catch {
      report(error, words, console)
      return ExitCode(error)
    }
  }

  /// Files that differ are a result with a code of its own, and no error.
  private func dispatched(_ words: [String], _ console: Console) throws -> ExitCode {
    do {
      try dispatch(words, console)
      return .success
    } catch let result as FoundDifferent {
      return ExitCode(result)
    }
  }

  private func dispatch(_ words: [String], _ console: Console) throws {
    let rest = Array(words.dropFirst())
    switch words.first {
    case nil, "-h", "--help": try help([], console)
    case "help": try help(rest, console)
    case "completions": try completions(rest, console)
    case "manual": try manual(rest, console)
    case "--version": console.print("zoo \(version)")
    case let verb?: try run(command(named: verb), rest, console)
    }
  }

  private func run(_ command: some Command, _ words: [String], _ console: Console) throws {
    let options = words.prefix { $0 != "--" }
    if options.contains("--help-all") {
      console.print(help(for: console).page(command, explainsAll: true))
      return
    }
    if options.contains(where: { $0 == "--help" || $0 == "-h" }) {
      console.print(help(for: console).page(command))
      return
    }
    var arguments = try ArgumentParser.parse(words, command.allDeclarations)
    arguments.words = [command.name] + words
    var console = console
    console.isQuiet = arguments.has(Common.quiet)
    console.isWide = arguments.has(Common.wide)
    try command.run(arguments, console)
  }

  private func help(_ topics: [String], _ console: Console) throws {
    let help = help(for: console)
    switch topics.first {
    case nil: console.print(help.overview(commands))
    case "exit-codes": console.print(help.exitCodes())
    case let topic?: console.print(help.page(try command(named: topic)))
    }
  }

  /// For installing, not in the list of verbs: the script that completes words in a shell.
  private func completions(_ words: [String], _ console: Console) throws {
    let names = Completions.Shell.allCases.map(\.rawValue)
    guard words.count == 1, let shell = Completions.Shell(rawValue: words[0]) else {
      throw UsageError.invalid(
        argument: "completions", expected: "one of " + names.joined(separator: ", "),
        found: words.joined(separator: " "), suggestion: words.first.flatMap { nearest(to: $0, in: names) })
    }
    console.write(Completions(commands: commands).script(for: shell))
  }

  /// For installing, too: the manual page of `zoo`, or of a verb; with `verbs`, the verbs that have one, a line each.
  private func manual(_ words: [String], _ console: Console) throws {
    let manual = ManualPage(commands: commands, version: version)
    switch words.first {
    case nil: console.write(manual.overview)
    case "verbs": console.write(commands.map { $0.name + "\n" }.joined())
    case let verb?: console.write(manual.page(try command(named: verb)))
    }
  }

  private func help(for console: Console) -> Help {
    Help(width: min(console.width, 100))
  }

  private func command(named verb: String) throws(UsageError) -> any Command {
    if let command = commands.first(where: { $0.name == verb }) { return command }
    if verb.hasPrefix("-") { throw .optionBeforeVerb(verb) }
    throw .unknownVerb(verb, suggestion: nearest(to: verb, in: commands.map(\.name)))
  }

  private func report(_ error: any Error, _ words: [String], _ console: Console) {
    if console.showsErrorsAsJSON {
      var body: [(name: String, value: JSON)] = [
        ("family", .string(familyName(of: error))), ("exitCode", .integer(Int(ExitCode(error).rawValue))),
        ("message", .string(FlagHint.sentence(of: error, words))),
      ]
      if let details = (error as? any DetailedError)?.details { body.append(details) }
      console.complain(["error": JSON.object(body)] as JSON)
      return
    }
    if error is Interruption {
      console.complain("\(error)")
    } else {
      console.fail(FlagHint.sentence(of: error, words))
    }
    switch ExitCode(error) {
    case .usage: console.complain(advice(words))
    case .bug: console.complain("This is a bug in zoo: please report it, with the command line.")
    default: break
    }
  }

  /// What to read after a command line that was not understood.
  private func advice(_ words: [String]) -> String {
    guard let command = commands.first(where: { $0.name == words.first }) else { return "See zoo help." }
    let help = Help(width: 80)
    return "Usage: \(help.usage(of: command))\nSee zoo help \(command.name)."
  }
}
