import ModelZoo
import Reports

/// Manual pages in the language of `man`, made of what the verbs declare.
struct ManualPage {
  let commands: [any Command]
  let version: String

  /// `zoo(1)`.
  var overview: String {
    text(
      title: "zoo",
      [
        section(
          "NAME", ["zoo \\- convert pretrained weights, compute features, train, fine-tune, predict"]),
        section("SYNOPSIS", ["\\fBzoo\\fR \\fIVERB\\fR [\\fIARGUMENTS\\fR] [\\fIOPTIONS\\fR]"]),
        section(
          "DESCRIPTION",
          [
            roff(
              "Each verb has a page of its own, such as zoo-\(commands[0].name)(1); zoo help VERB shows the same in brief."
            ), ".SS Verbs",
          ] + commands.flatMap { item($0.name, $0.abstract) }),
        exitStatus,
        section("SEE ALSO", [commands.map { "\\fBzoo\\-\($0.name)\\fR(1)" }.joined(separator: ",\n")]),
      ])
  }

  /// `zoo-VERB(1)`.
  func page(_ command: some Command) -> String {
    let help = Help(width: 80)
    let declarations = command.declarations.map(\.declaration)
    let general = [Common.quiet, Common.help].map(\.declaration)
    var parts = [
      section("NAME", ["zoo\\-\(command.name) \\- \(roff(command.abstract))"]),
      section("SYNOPSIS", [roff(help.usage(of: command))]),
      section(
        "DESCRIPTION", command.discussion.isEmpty ? [roff(command.abstract)] : paragraphs(command.discussion)),
      section(
        "ARGUMENTS",
        declarations.filter { $0.kind == .argument }.flatMap { item($0.synopsis, explanation(of: $0)) }),
    ]
    if command.groups.isEmpty {
      parts.append(
        section("OPTIONS", (declarations.filter { $0.kind != .argument } + general).flatMap(option)))
    } else {
      let groups =
        command.groups.map { ($0.heading, $0.declarations.map(\.declaration)) } + [("General", general)]
      parts.append(
        section(
          "OPTIONS", groups.flatMap { heading, options in [".SS " + roff(heading)] + options.flatMap(option) }
        ))
    }
    parts += [
      section(
        "EXAMPLES", [".nf"] + command.example.split(separator: "\n").map { roff(String($0)) } + [".fi"]),
      exitStatus, section("SEE ALSO", ["\\fBzoo\\fR(1)"]),
    ]
    return text(title: "zoo-\(command.name)", parts)
  }

  private var exitStatus: [String] {
    section("EXIT STATUS", ExitCode.allCases.flatMap { item("\($0.rawValue)", $0.meaning) })
  }

  private func text(title: String, _ parts: [[String]]) -> String {
    let head = ".TH \"\(roff(title.uppercased()))\" 1 \"\" \"zoo \(version)\" \"Model Zoo\""
    return ([head] + parts.flatMap(\.self)).joined(separator: "\n") + "\n"
  }

  private func section(_ heading: String, _ lines: [String]) -> [String] {
    lines.isEmpty ? [] : [".SH " + heading] + lines
  }

  private func option(_ declaration: Declaration) -> [String] {
    let short = declaration.short.map { "-\($0), " } ?? ""
    return item(short + declaration.synopsis, explanation(of: declaration))
  }

  private func explanation(of declaration: Declaration) -> String {
    declaration.remark.isEmpty ? declaration.help : "\(declaration.help) \(declaration.remark)"
  }

  private func item(_ term: String, _ text: String) -> [String] {
    [".TP", "\\fB\(roff(term))\\fR", roff(text)]
  }

  private func paragraphs(_ text: String) -> [String] {
    let paragraphs = text.split(separator: "\n\n").map { roff(String($0)) }
    return Array(paragraphs.map { [$0] }.joined(separator: [".PP"]))
  }

  /// Text that stands as it is: hyphens are those of options, and no line begins a command.
  private func roff(_ text: String) -> String {
    let escaped = text.replacing("\\", with: "\\e").replacing("-", with: "\\-")
    return escaped.split(separator: "\n", omittingEmptySubsequences: false).map { line in
      line.hasPrefix(".") || line.hasPrefix("'") ? "\\&" + line : String(line)
    }.joined(separator: "\n")
  }
}
