import ModelZoo
import Reports

/// Sorts the words after a verb into its arguments, options and flags.
///
/// `--name value`, `--name=value` and `-n value` are options, `--` ends them, `-` alone is an argument. A word
/// that begins with `-` and is not a number is never taken for a value, unless written `--name=-value`.
struct ArgumentParser {
  private let declarations: [any CommandArgument]
  private var given: [String: [String]] = [:]
  private var positionals: [String] = []

  private init(_ declarations: [any CommandArgument]) { self.declarations = declarations }

  /// Reads `words` as `declarations` have them written.
  static func parse(_ words: [String], _ declarations: [any CommandArgument]) throws(UsageError) -> Arguments
  {
    var parser = ArgumentParser(declarations)
    try parser.sort(words)
    try parser.assignPositionals()
    var values: [String: any Sendable] = [:]
    for argument in declarations {
      values[argument.declaration.label] = try parser.value(of: argument)
    }
    let given = parser.given.filter { !$0.value.isEmpty }
    return Arguments(values: values, outputs: try parser.outputs(), given: Set(given.keys))
  }

  /// The files and folders that options name to be written to, no two the same.
  private func outputs() throws(UsageError) -> [Arguments.Output] {
    let outputs = declarations.map(\.declaration).filter { $0.use != .none }.flatMap { declaration in
      given[declaration.label, default: []].map {
        Arguments.Output(option: declaration.label, path: $0, isFolder: declaration.use == .writesFolder)
      }
    }
    for (index, output) in outputs.enumerated() {
      let other = outputs[..<index].first { FileIdentity.areSame($0.path, output.path) }
      guard let other, !output.isFolder || !other.isFolder else { continue }
      throw .conflict(
        "\(output.option): \(output.path) is also written by \(other.option); name another file")
    }
    return outputs
  }

  private func value(of argument: some CommandArgument) throws(UsageError) -> any Sendable {
    let declaration = argument.declaration
    let words = given[declaration.label] ?? []
    if words.count > 1, !declaration.isRepeatable {
      throw .repeated(option: declaration.label, values: words)
    }
    return try argument.decode(words)
  }

  private mutating func sort(_ words: [String]) throws(UsageError) {
    var rest = words[...]
    while let word = rest.popFirst() {
      if word == "--" {
        positionals += rest
        return
      }
      if word.hasPrefix("-"), word != "-", Double(word) == nil {
        try takeOption(word, &rest)
      } else {
        positionals.append(word)
      }
    }
  }

  private mutating func takeOption(_ word: String, _ rest: inout ArraySlice<String>) throws(UsageError) {
    let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    let declaration = try declaration(of: parts[0])
    let attached = parts.count > 1 ? parts[1] : nil
    if declaration.kind == .flag {
      if let attached { throw .superfluousValue(flag: declaration.label, value: attached) }
      given[declaration.label, default: []].append("")
      return
    }
    guard let value = attached ?? Self.takeValue(&rest) else {
      throw .missingValue(option: declaration.label, valueName: declaration.valueName)
    }
    given[declaration.label, default: []].append(value)
  }

  private static func takeValue(_ rest: inout ArraySlice<String>) -> String? {
    guard let word = rest.first, !word.hasPrefix("-") || word == "-" || Double(word) != nil else {
      return nil
    }
    return rest.popFirst()
  }

  private func declaration(of spelling: String) throws(UsageError) -> Declaration {
    let options = declarations.map(\.declaration).filter { $0.kind != .argument }
    let match = options.first { option in
      spelling == option.label || option.short.map { spelling == "-\($0)" } == true
    }
    if let match { return match }
    let name = String(spelling.drop { $0 == "-" })
    let names = options.map(\.name)
    let meant = KerasSpelling.option(for: name).flatMap { names.contains($0) ? $0 : nil }
    let others = registeredCommands.filter { command in
      command.declarations.contains { $0.declaration.kind != .argument && $0.declaration.label == spelling }
    }
    guard meant != nil || others.isEmpty else {
      throw .otherVerbsOption(spelling, verbs: others.map { $0.name })
    }
    let suggestion = (meant ?? nearest(to: name, in: names)).map { "--\($0)" }
    throw .unknownOption(spelling, suggestion: suggestion)
  }

  /// Deals the positional words out in order; a list takes all that are left.
  private mutating func assignPositionals() throws(UsageError) {
    let arguments = declarations.map(\.declaration).filter { $0.kind == .argument }
    var rest = positionals[...]
    for argument in arguments {
      let taken = argument.isRepeatable ? rest : rest.prefix(1)
      given[argument.label] = Array(taken)
      rest = rest.dropFirst(taken.count)
    }
    if let word = rest.first { throw .superfluousArgument(word, expected: arguments.count) }
  }
}
