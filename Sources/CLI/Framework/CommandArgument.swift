/// Something a verb takes on its command line: an argument, an option or a flag.
///
/// The value's type is part of the declaration: `arguments[option]` needs no cast and no check.
package protocol CommandArgument<Value>: Sendable {
  associatedtype Value: Sendable

  /// How it is written and explained.
  var declaration: Declaration { get }

  /// The value of what was given, in the order it was given; nothing when it is absent.
  func decode(_ given: [String]) throws(UsageError) -> Value
}

/// How something a verb takes is written on the command line and explained by `--help`.
package struct Declaration: Sendable {
  package enum Kind: Sendable {
    /// A positional argument.
    case argument
    /// `--name VALUE`.
    case option
    /// `--name`.
    case flag
  }

  /// What becomes of the path that an option's value is.
  package enum Use: Sendable {
    /// Nothing, or it is no path.
    case none
    case writesFile
    case writesFolder
  }

  package let kind: Kind
  /// `output` for `--output`; `FILE` for an argument.
  package let name: String
  /// `o` for `-o`.
  package let short: Character?
  /// What stands for the value in help: `FILE`, `N`.
  package let valueName: String
  package let help: String
  /// What `help` adds about values, such as a default.
  package var remark = ""
  /// What becomes of the value, where it is a path.
  package var use = Use.none
  /// The only possible values, when there are few.
  package var choices: [String] = []
  package let isRequired: Bool
  package let isRepeatable: Bool

  /// Whether the value is the name of a file or a folder, by what stands for it in help.
  package var isPath: Bool {
    use != .none || !Self.pathNames.isDisjoint(with: valueName.split(separator: "|").map(String.init))
  }

  private static let pathNames: Set = [
    "ARCHIVE", "DIR", "FILE", "FOLDER", "IMAGE", "MODEL", "MODEL.json", "OUT", "WEIGHTS",
  ]

  /// How messages call it: `--output` or `FILE`.
  package var label: String { kind == .argument ? name : "--\(name)" }

  /// How help writes it with its value: `--output FILE`, `--quiet`, `IMAGE...`.
  package var synopsis: String {
    switch kind {
    case .argument: isRepeatable ? "\(name)..." : name
    case .option: "\(label) \(valueName)"
    case .flag: label
    }
  }
}

/// A positional argument.
package struct Argument<Value: Sendable>: CommandArgument {
  package let declaration: Declaration
  private let decoder: @Sendable ([String]) throws(UsageError) -> Value

  private init(
    _ name: String, help: String, isRequired: Bool, isRepeatable: Bool,
    _ decoder: @escaping @Sendable ([String]) throws(UsageError) -> Value
  ) {
    declaration = Declaration(
      kind: .argument, name: name, short: nil, valueName: name, help: help, isRequired: isRequired,
      isRepeatable: isRepeatable)
    self.decoder = decoder
  }

  package func decode(_ given: [String]) throws(UsageError) -> Value {
    // Names of files and entries are none without a letter; errors about them would begin with nothing.
    guard !given.contains("") else {
      throw .invalid(
        argument: declaration.label, expected: "a text that is not empty", found: "", suggestion: nil)
    }
    return try decoder(given)
  }
}

extension Argument {
  /// An argument that must be given.
  package static func required(_ name: String, help: String) -> Argument<String> where Value == String {
    Argument(name, help: help, isRequired: true, isRepeatable: false) { given throws(UsageError) in
      guard let text = given.last else { throw .missing(argument: name, help: help) }
      return text
    }
  }

  /// An argument that may be left out.
  package static func optional(_ name: String, help: String) -> Argument<String?> where Value == String? {
    Argument(name, help: help, isRequired: false, isRepeatable: false) { $0.last }
  }

  /// All the arguments that are left, at least one unless `isRequired` is false; must be declared last.
  package static func list(
    _ name: String, isRequired: Bool = true, help: String
  ) -> Argument<[String]> where Value == [String] {
    Argument(name, help: help, isRequired: isRequired, isRepeatable: true) { given throws(UsageError) in
      if isRequired, given.isEmpty { throw .missing(argument: name, help: help) }
      return given
    }
  }
}

/// `--name`, true when it is there.
package struct Flag: CommandArgument {
  package let declaration: Declaration

  package init(_ name: String, short: Character? = nil, help: String) {
    declaration = Declaration(
      kind: .flag, name: name, short: short, valueName: "", help: help, isRequired: false,
      isRepeatable: true)
  }

  package func decode(_ given: [String]) -> Bool { !given.isEmpty }
}
