import Reports

/// The texts that explain `zoo`, laid out for a width.
struct Help {
  let width: Int

  /// What `zoo help` prints.
  func overview(_ commands: [any Command]) -> StyledText {
    let verbs = commands.map { ($0.name, $0.abstract) }
    let topics = [
      ("zoo help VERB", "explain a verb, with an example"), ("zoo help exit-codes", "explain the exit codes"),
      ("zoo --version", "print the version"),
    ]
    return joined([
      plain(["zoo: convert pretrained weights, compute features, train, fine-tune, predict"]),
      section("USAGE", ["  zoo VERB [ARGUMENTS] [OPTIONS]"]), section("VERBS", list(verbs)),
      section("MORE", list(topics)),
    ])
  }

  /// What `zoo help VERB` prints, or, if it `explainsAll`, `zoo VERB --help-all`.
  func page(_ command: some Command, explainsAll: Bool = false) -> StyledText {
    let arguments = command.declarations.map(\.declaration).filter { $0.kind == .argument }
    var parts = [
      plain(["zoo \(command.name): \(command.abstract)"]),
      section("USAGE", ["  " + usage(of: command)]),
      command.discussion.isEmpty ? [] : plain(wrapped(command.discussion, width: width)),
      section("ARGUMENTS", list(arguments.map { ($0.synopsis, explanation(of: $0)) })),
    ]
    parts += optionSections(command, explainsAll)
    parts.append(section("EXAMPLE", command.example.split(separator: "\n").map { "  \($0)" }))
    return joined(parts)
  }

  /// All options; of a verb with groups those that matter most, the others by name.
  private func optionSections(_ command: some Command, _ explainsAll: Bool) -> [[StyledText]] {
    guard !command.groups.isEmpty else {
      let options = command.declarations.map(\.declaration).filter { $0.kind != .argument }
      return [section("OPTIONS", explained(options + [Common.quiet, Common.help].map(\.declaration)))]
    }
    let always = [Common.quiet, Common.help, Common.helpAll].map(\.declaration)
    if explainsAll {
      return command.groups.map { group in
        section(group.heading.uppercased(), explained(group.declarations.map(\.declaration)))
      } + [section("GENERAL", explained(always))]
    }
    let all = command.groups.flatMap(\.declarations).map(\.declaration)
    let shown = command.essentials.compactMap { name in all.first { $0.name == name } }
    let others = command.groups.compactMap { group -> (String, String)? in
      let names = group.declarations.map(\.declaration).filter { !command.essentials.contains($0.name) }
      return names.isEmpty ? nil : (group.heading, names.map(\.label).joined(separator: " "))
    }
    return [
      section("OPTIONS", explained(shown + always)),
      section("MORE OPTIONS, explained by zoo \(command.name) --help-all", list(others)),
    ]
  }

  private func explained(_ options: [Declaration]) -> [String] {
    list(options.map { (optionSynopsis($0), explanation(of: $0)) })
  }

  /// `zoo convert FILE -o ARCHIVE [OPTIONS]`: what must be there, then what may.
  func usage(of command: some Command) -> String {
    let declarations = command.allDeclarations.map(\.declaration)
    let arguments = declarations.filter { $0.kind == .argument }
    let needed = declarations.filter { $0.kind == .option && $0.isRequired }
    let required =
      command.groups.isEmpty
      ? needed : command.essentials.compactMap { name in needed.first { $0.name == name } }
    let words =
      arguments.map { $0.isRequired ? $0.synopsis : "[\($0.synopsis)]" }
      + required.map { option in option.short.map { "-\($0) \(option.valueName)" } ?? option.synopsis }
    return (["zoo", command.name] + words + ["[OPTIONS]"]).joined(separator: " ")
  }

  /// What `zoo help exit-codes` prints.
  func exitCodes() -> StyledText {
    joined([
      plain(["Exit codes of zoo"]),
      plain(list(ExitCode.allCases.map { ("\($0.rawValue)", $0.meaning) })),
      plain(
        wrapped(
          """
          An error is one sentence on standard error. With --json it is one line of JSON on standard error instead: \
          {"error":{"family":"missing","exitCode":66,"message":"..."}}; standard output then has no result. \
          The families are usage, malformed, mismatch, missing, unsupported, bug and interrupted.
          """, width: width)),
    ])
  }

  private func joined(_ parts: [[StyledText]]) -> StyledText {
    parts.filter { !$0.isEmpty }.map { $0.joined(separator: "\n") }.joined(separator: "\n\n")
  }

  private func section(_ title: String, _ lines: [String]) -> [StyledText] {
    lines.isEmpty ? [] : [StyledText(title, .bold)] + plain(lines)
  }

  private func plain(_ lines: [String]) -> [StyledText] { lines.map { StyledText($0) } }

  private func optionSynopsis(_ option: Declaration) -> String {
    (option.short.map { "-\($0), " } ?? "    ") + option.synopsis
  }

  private func explanation(of declaration: Declaration) -> String {
    declaration.remark.isEmpty ? declaration.help : "\(declaration.help) \(declaration.remark)"
  }

  /// Two columns; what is too long for the left one has a line of its own.
  private func list(_ rows: [(String, String)]) -> [String] {
    let column = min(rows.map { displayWidth(of: $0.0) }.max() ?? 0, 26)
    let margin = String(repeating: " ", count: column + 4)
    return rows.flatMap { term, text in
      let lines = wrapped(text, width: max(20, width - margin.count)).map { margin + $0 }
      let length = displayWidth(of: term)
      guard length <= column, let first = lines.first else { return ["  " + term] + lines }
      return ["  " + term + first.dropFirst(length + 2)] + lines.dropFirst()
    }
  }
}
