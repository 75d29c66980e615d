import Foundation
import ModelZoo

/// What a verb was given, read and checked against its declarations.
package struct Arguments: Sendable {
  private let values: [String: any Sendable]
  /// A file that an option names to be written, or a folder to write files to.
  struct Output: Sendable {
    let option: String
    let path: String
    let isFolder: Bool
  }

  private let outputs: [Output]
  /// The labels of what was given, in whatever spelling.
  private let given: Set<String>
  /// The words the verb was called with, itself included.
  var words: [String] = []

  init(values: [String: any Sendable], outputs: [Output] = [], given: Set<String> = []) {
    (self.values, self.outputs, self.given) = (values, outputs, given)
  }

  /// Whether the command line has the argument, be its value the one that it has anyway.
  func isGiven(_ argument: any CommandArgument) -> Bool { given.contains(argument.declaration.label) }

  /// The value of an argument, an option or a flag.
  ///
  /// - Precondition: the verb lists `argument` among its `declarations`.
  package subscript<Value>(argument: some CommandArgument<Value>) -> Value {
    guard let value = values[argument.declaration.label] as? Value else {
      preconditionFailure("\(argument.declaration.label) is read but not listed in `declarations`")
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

  /// Refuses, whatever option names it, an output that would take the place of one of the files the verb reads, or a
  /// folder for outputs that such a file lies in or that lies in such a folder: the next run would read what this one writes.
  func refuseOverwriting(_ inputs: some Sequence<String>) throws(UsageError) {
    let files = outputs.filter { !$0.isFolder }.map(\.path)
    let folders = outputs.filter(\.isFolder).map(\.path)
    guard let clash = RunOutputs(files: files, folders: folders).clash(with: inputs) else { return }
    let option = outputs.first { $0.path == clash.output }?.option ?? "--output"
    let (output, other) = (clash.output, clash.other)
    let kind = folders.contains(output) ? "folder" : "file"
    let sentence =
      switch clash.relation {
      case .same: "\(output) is the input \(other)"
      case .holds: "\(output) contains the input \(other)"
      case .liesIn: "\(output) is inside the input \(other)"
      }
    throw .conflict("\(option): \(sentence); name another \(kind)")
  }

  /// Refuses an output, or the table of names beside one, that would take the place of the file that standard input is.
  func refuseOverwriting(standardInput input: FileHandle) throws(FileError) {
    guard let file = FileIdentity(descriptor: input.fileDescriptor) else { return }
    for output in outputs where !output.isFolder {
      for path in [output.path, output.path + ".csv"] where FileIdentity(path) == file {
        throw .isInput(path: path, input: "standard input")
      }
    }
  }

  /// Refuses an output that would take the place of a file the verb reads.
  func refuseOverwriting(
    _ inputs: [String], by output: String, option: String = "--output"
  ) throws(UsageError) {
    for input in inputs where Self.isSame(input, output) {
      throw .conflict("\(option): \(output) is the input \(input); name another file")
    }
  }

  /// Refuses to replace a file whose name nobody gave, unless it goes with one that is replaced.
  ///
  /// - Parameters:
  ///   - path: where an output would go that no option names.
  ///   - option: what would name it.
  ///   - main: the output that it goes with; nil for one that goes with none.
  func refuseReplacing(
    unnamed path: String, option: String, besides main: String? = nil
  ) throws(UsageError) {
    guard FileIdentity(path) != nil, main.map({ FileIdentity($0) == nil }) ?? true else { return }
    throw .conflict(
      "\(option): \(path) is there already, and was not named; remove it, or name a file with \(option)")
  }

  /// Whether two paths lead to one file.
  static func isSame(_ first: String, _ second: String) -> Bool { FileIdentity.areSame(first, second) }

  /// The words the verb was called with, without an option and its value.
  func words(leavingOut option: some CommandArgument) -> [String] {
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

  /// The words the verb was called with, without itself, some of its options and flags, and its arguments.
  ///
  /// - Parameter positional: the arguments, as they were given.
  func words(
    leavingOut left: [any CommandArgument], and positional: Set<String>
  ) -> [String] {
    var kept: [String] = []
    var rest = words.dropFirst().filter { $0 != "--" }[...]
    while let word = rest.popFirst() {
      let label = word.prefix { $0 != "=" }
      let option = left.map(\.declaration).first { option in
        option.label == label || option.short.map { "-\($0)" == word } ?? false
      }
      if let option {
        if option.kind == .option, !word.contains("=") { rest = rest.dropFirst() }
      } else if !positional.contains(word) {
        kept.append(word)
      }
    }
    return kept
  }

  /// Whether a flag is declared and was given.
  func has(_ flag: Flag) -> Bool { values[flag.declaration.label] as? Bool ?? false }
}
