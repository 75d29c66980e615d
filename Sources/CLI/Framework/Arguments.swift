import Foundation

/// What a verb was given, read and checked against its declarations.
package struct Arguments: Sendable {
  private let values: [String: any Sendable]
  /// The words the verb was called with, itself included.
  var words: [String] = []

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

  /// The command line as a shell understands it.
  var commandLine: String { Self.commandLine(words) }

  /// A command line of `words` as a shell understands it.
  static func commandLine(_ words: [String]) -> String {
    (["zoo"] + words).map { word in
      let isPlain = word.utf8.allSatisfy { byte in
        plainBytes.contains(byte) || UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte
          || UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte | 0x20
      }
      return isPlain && !word.isEmpty ? word : "'\(word.replacing("'", with: "'\\''"))'"
    }.joined(separator: " ")
  }

  private static let plainBytes = Array("-_./,:=+@%".utf8)

  /// Refuses an output that would take the place of a file the verb reads.
  func refuseOverwriting(
    _ inputs: [String], by output: String, option: String = "--output"
  ) throws(UsageError) {
    for input in inputs where Self.isSame(input, output) {
      throw .conflict("\(option): \(output) is \(input), which is read; name another file")
    }
  }

  /// Whether two paths lead to one file.
  static func isSame(_ first: String, _ second: String) -> Bool { canonical(first) == canonical(second) }

  /// The words the verb was called with, without an option and its value.
  func words(leavingOut option: some Parameter) -> [String] {
    let label = option.declaration.label
    var kept: [String] = []
    var skips = false
    for word in words {
      if skips {
        skips = false
      } else if word == label {
        skips = true
      } else if !word.hasPrefix(label + "=") {
        kept.append(word)
      }
    }
    return kept
  }

  private static func canonical(_ path: String) -> String {
    URL(fileURLWithPath: path).resolvingSymlinksInPath().standardizedFileURL.path
  }

  /// Whether a flag is declared and was given.
  func has(_ flag: Flag) -> Bool { values[flag.declaration.label] as? Bool ?? false }
}
