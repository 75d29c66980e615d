/// What a verb was given, read and checked against its declarations.
package struct Arguments: Sendable {
  private let values: [String: any Sendable]

  init(values: [String: any Sendable]) { self.values = values }

  /// The value of a parameter.
  ///
  /// - Precondition: the verb lists `parameter` among its `parameters`.
  package subscript<Value>(parameter: some Parameter<Value>) -> Value {
    guard let value = values[parameter.declaration.label] as? Value else {
      preconditionFailure("\(parameter.declaration.label) is read but not listed in `parameters`")
    }
    return value
  }

  /// Whether a flag is declared and was given.
  func has(_ flag: Flag) -> Bool { values[flag.declaration.label] as? Bool ?? false }
}
