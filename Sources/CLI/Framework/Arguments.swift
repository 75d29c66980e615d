import Foundation

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

  /// Refuses an output that would take the place of a file the verb reads.
  func refuseOverwriting(_ inputs: [String], by output: String) throws(UsageError) {
    let target = Self.canonical(output)
    for input in inputs where Self.canonical(input) == target {
      throw .conflict("--output: \(output) is \(input), which is read; name another file")
    }
  }

  private static func canonical(_ path: String) -> String {
    URL(fileURLWithPath: path).resolvingSymlinksInPath().standardizedFileURL.path
  }

  /// Whether a flag is declared and was given.
  func has(_ flag: Flag) -> Bool { values[flag.declaration.label] as? Bool ?? false }
}
