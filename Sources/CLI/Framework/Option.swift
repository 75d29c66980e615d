/// `--name VALUE`.
package struct Option<Value: Sendable>: CommandArgument {
  package let declaration: Declaration
  private let decoder: @Sendable ([String]) throws(UsageError) -> Value

  package func decode(_ given: [String]) throws(UsageError) -> Value { try decoder(given) }
}

extension Option {
  /// An option with a value of its own when it is left out.
  package init(
    _ name: String, short: Character? = nil, value valueName: String, _ kind: ValueKind<Value>,
    default fallback: Value, help: String
  ) {
    var declaration = Declaration(
      kind: .option, name: name, short: short, valueName: valueName, help: help, isRequired: false,
      isRepeatable: false)
    declaration.remark = kind.remark(default: fallback)
    declaration.use = kind.use
    declaration.choices = kind.choices
    self.init(declaration: declaration) { given throws(UsageError) in
      guard let text = given.last else { return fallback }
      return try kind.decode(text, for: "--\(name)")
    }
  }

  /// An option that must be given.
  package static func required(
    _ name: String, short: Character? = nil, value valueName: String, _ kind: ValueKind<Value>,
    help: String
  ) -> Option<Value> {
    var declaration = Declaration(
      kind: .option, name: name, short: short, valueName: valueName, help: help, isRequired: true,
      isRepeatable: false)
    declaration.remark = kind.remark()
    declaration.use = kind.use
    declaration.choices = kind.choices
    let synopsis = declaration.synopsis
    return Option(declaration: declaration) { given throws(UsageError) in
      guard let text = given.last else { throw .missing(argument: synopsis, help: help) }
      return try kind.decode(text, for: "--\(name)")
    }
  }

  /// An option that may be left out.
  package static func optional<Element>(
    _ name: String, short: Character? = nil, value valueName: String, _ kind: ValueKind<Element>,
    help: String
  ) -> Option<Element?> where Value == Element? {
    var declaration = Declaration(
      kind: .option, name: name, short: short, valueName: valueName, help: help, isRequired: false,
      isRepeatable: false)
    declaration.remark = kind.remark()
    declaration.use = kind.use
    declaration.choices = kind.choices
    return Option(declaration: declaration) { given throws(UsageError) in
      guard let text = given.last else { return nil }
      return try kind.decode(text, for: "--\(name)")
    }
  }

  /// An option that may be given any number of times.
  package static func list<Element>(
    _ name: String, short: Character? = nil, value valueName: String, _ kind: ValueKind<Element>,
    help: String
  ) -> Option<[Element]> where Value == [Element] {
    var declaration = Declaration(
      kind: .option, name: name, short: short, valueName: valueName, help: help, isRequired: false,
      isRepeatable: true)
    declaration.remark = kind.remark()
    declaration.use = kind.use
    declaration.choices = kind.choices
    return Option(declaration: declaration) { given throws(UsageError) in
      var values: [Element] = []
      for text in given { values.append(try kind.decode(text, for: "--\(name)")) }
      return values
    }
  }
}
