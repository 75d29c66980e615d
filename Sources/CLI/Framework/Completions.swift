import ModelZoo

/// Scripts that complete the words of `zoo` in a shell, made of what the verbs declare.
struct Completions {
  /// The shells there are scripts for.
  enum Shell: String, CaseIterable {
    case bash, zsh, fish
  }

  let commands: [any Command]

  func script(for shell: Shell) -> String {
    switch shell {
    case .bash: bash
    case .zsh: zsh
    case .fish: fish
    }
  }

  private var verbs: [String] { commands.map(\.name) + ["help"] }

  private static let topics = ["exit-codes"]

  private func options(of command: some Command) -> [Declaration] {
    command.allDeclarations.map(\.declaration).filter { $0.kind != .argument }
  }

  private func hasArguments(_ command: some Command) -> Bool {
    command.declarations.contains { $0.declaration.kind == .argument }
  }
}

// MARK: bash

extension Completions {
  private var bash: String {
    let cases = commands.map { bashCase($0) }.joined(separator: "\n")
    return """
      # Completes the words of zoo in bash; printed by zoo completions bash.
      _zoo() {
        local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]} options="" choices=""
        COMPREPLY=()
        if [ "$COMP_CWORD" -eq 1 ]; then
          COMPREPLY=($(compgen -W "\(verbs.joined(separator: " ")) --version --help" -- "$current"))
          return
        fi
        case ${COMP_WORDS[1]} in
          help) choices="\((commands.map(\.name) + Self.topics).joined(separator: " "))" ;;
      \(cases)
        esac
        if [ -n "$choices" ]; then
          COMPREPLY=($(compgen -W "$choices" -- "$current"))
        elif [[ $current == -* ]]; then
          COMPREPLY=($(compgen -W "$options" -- "$current"))
        fi
      }
      complete -o bashdefault -o default -F _zoo zoo

      """
  }

  /// What the options of a verb take: words to choose from, nothing that can be known, or files, which bash does by itself.
  private func bashCase(_ command: some Command) -> String {
    let options = options(of: command)
    let spellings = options.flatMap { [$0.label] + ($0.short.map { ["-\($0)"] } ?? []) }
    let chosen = options.filter { !$0.choices.isEmpty }.map { option in
      "        \(bashPattern([option]))) choices=\"\(option.choices.joined(separator: " "))\" ;;"
    }
    let unknown = options.filter { $0.kind == .option && $0.choices.isEmpty && !$0.isPath }
    let none =
      unknown.isEmpty
      ? [] : ["        \(bashPattern(unknown))) compopt +o default +o bashdefault 2>/dev/null; return ;;"]
    let paths = options.filter { $0.kind == .option && $0.choices.isEmpty && $0.isPath }
    let files = paths.isEmpty ? [] : ["        \(bashPattern(paths))) return ;;"]
    let values = chosen + none + files
    let lines =
      ["    \(command.name))", "      options=\"\(spellings.joined(separator: " "))\""]
      + (values.isEmpty ? [] : ["      case $previous in"] + values + ["      esac"]) + ["      ;;"]
    return lines.joined(separator: "\n")
  }

  private func bashPattern(_ options: [Declaration]) -> String {
    options.flatMap { [$0.label] + ($0.short.map { ["-\($0)"] } ?? []) }.joined(separator: "|")
  }
}

// MARK: zsh

extension Completions {
  private var zsh: String {
    let described = commands.map { "    \(Self.quoted($0.name + ":" + Self.plain($0.abstract)))" }
    let cases = commands.map { zshCase($0) }
    return """
      #compdef zoo
      # Completes the words of zoo in zsh; printed by zoo completions zsh.
      _zoo() {
        local -a verbs
        verbs=(
      \(described.joined(separator: "\n"))
          'help:explain a verb'
        )
        if (( CURRENT == 2 )); then
          _describe verb verbs
          return
        fi
        local verb=$words[2]
        shift words
        (( CURRENT -= 1 ))
        case $verb in
          help)
            _arguments '1:verb:(\((commands.map(\.name) + Self.topics).joined(separator: " ")))'
            ;;
      \(cases.joined(separator: "\n"))
        esac
      }
      if [ "$funcstack[1]" = _zoo ]; then _zoo "$@"; else compdef _zoo zoo; fi

      """
  }

  private func zshCase(_ command: some Command) -> String {
    let files = hasArguments(command) ? ["'*:file:_files'"] : []
    let words = ["_arguments"] + options(of: command).map(zshOption) + files
    return "    \(command.name))\n      \(words.joined(separator: " \\\n        "))\n      ;;"
  }

  private func zshOption(_ option: Declaration) -> String {
    let text = "[" + Self.plain(option.help) + "]"
    let action =
      !option.choices.isEmpty
      ? "(\(option.choices.joined(separator: " ")))" : option.isPath ? "_files" : " "
    let value = option.kind == .option ? ":\(option.valueName):\(action)" : ""
    let equals = option.kind == .option ? "=" : ""
    let repeats = option.isRepeatable ? "*" : ""
    guard let short = option.short else { return Self.quoted(repeats + option.label + equals + text + value) }
    let both = option.isRepeatable ? "'*'" : "'(-\(short) \(option.label))'"
    return "\(both){-\(short),\(option.label)\(equals)}" + Self.quoted(text + value)
  }

  /// Without what has a meaning in a specification.
  private static func plain(_ text: String) -> String {
    var plain = ""
    for character in text {
      if "[]:\\".contains(character) { plain.append("\\") }
      plain.append(character)
    }
    return plain
  }

  /// A word as every shell takes it.
  private static func quoted(_ text: String) -> String { "'\(text.replacing("'", with: "'\\''"))'" }
}

// MARK: fish

extension Completions {
  private var fish: String {
    var lines = [
      "# Completes the words of zoo in fish; printed by zoo completions fish.", "complete -c zoo -f",
      "complete -c zoo -n __fish_use_subcommand -l version -d 'print the version'",
      "complete -c zoo -n __fish_use_subcommand -a help -d 'explain a verb'",
      "complete -c zoo -n '__fish_seen_subcommand_from help' -a "
        + Self.fishQuoted((commands.map(\.name) + Self.topics).joined(separator: " ")),
    ]
    lines += commands.map {
      "complete -c zoo -n __fish_use_subcommand -a \($0.name) -d \(Self.fishQuoted($0.abstract))"
    }
    for command in commands {
      let condition = "complete -c zoo -n '__fish_seen_subcommand_from \(command.name)'"
      if hasArguments(command) { lines.append("\(condition) -F") }
      lines += options(of: command).map { option in
        let short = option.short.map { " -s \($0)" } ?? ""
        let value: String =
          option.kind == .flag
          ? ""
          : !option.choices.isEmpty
            ? " -x -a \(Self.fishQuoted(option.choices.joined(separator: " ")))"
            : option.isPath ? " -r -F" : " -x"
        return "\(condition) -l \(option.name)\(short)\(value) -d \(Self.fishQuoted(option.help))"
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private static func fishQuoted(_ text: String) -> String {
    "'\(text.replacing("\\", with: "\\\\").replacing("'", with: "\\'"))'"
  }
}
