/// A command line that cannot be understood.
package enum UsageError: Error, Hashable {
  case unknownVerb(String, suggestion: String?)
  case unknownOption(String, suggestion: String?)
  /// An option that some verbs have, but not the one at hand.
  case otherVerbsOption(String, verbs: [String])
  case optionBeforeVerb(String)
  case missing(argument: String, help: String)
  case missingValue(option: String, valueName: String)
  case superfluousValue(flag: String, value: String)
  case superfluousArgument(String, expected: Int)
  case repeated(option: String, values: [String])
  case invalid(argument: String, expected: String, found: String, suggestion: String?)
  /// What a verb itself finds wrong with the combination it was given.
  case conflict(String)
}

extension UsageError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .unknownVerb(let verb, let suggestion): "\(verb): unknown verb" + Self.question(suggestion)
    case .unknownOption(let option, let suggestion): "\(option): unknown option" + Self.question(suggestion)
    case .otherVerbsOption(let option, let verbs):
      "\(option): not an option of this verb; \(verbs.prefix(3).joined(separator: ", ")) \(verbs.count == 1 ? "has" : "have") it"
    case .optionBeforeVerb(let option):
      "\(option): is before the verb; options go after it, as in zoo VERB \(option)"
    case .missing(let argument, let help): "\(argument): missing (\(help))"
    case .missingValue(let option, let valueName):
      "\(option): a value is missing; write \(option) \(valueName)"
    case .superfluousValue(let flag, let value):
      "\(flag): takes no value, found '\(value)'; leave the value out"
    case .superfluousArgument(let argument, let expected):
      "\(argument): unexpected argument; expected " + Self.count(expected)
    case .repeated(let option, let values):
      "\(option): given more than once, as \(values.map { "'\($0)'" }.joined(separator: " and ")); keep one"
    case .invalid(let argument, let expected, let found, let suggestion):
      "\(argument): expected \(expected), found '\(found)'" + Self.question(suggestion)
    case .conflict(let sentence): sentence
    }
  }

  private static func question(_ suggestion: String?) -> String {
    suggestion.map { "; did you mean \($0)?" } ?? ""
  }

  private static func count(_ expected: Int) -> String {
    switch expected {
    case 0: "none"
    case 1: "one"
    default: "at most \(expected)"
    }
  }
}
