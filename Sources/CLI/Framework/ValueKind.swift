import ModelZoo
import Reports

/// What an option's value may be, how it is read, and what a message says was expected.
package struct ValueKind<Value: Sendable>: Sendable {
  /// `an integer from 1 to 4096`.
  package let expectation: String
  /// The only possible values, when there are few.
  package let choices: [String]
  /// What becomes of a path.
  package let use: Declaration.Use
  private let parse: @Sendable (String) -> Value?
  private let show: @Sendable (Value) -> String

  /// A kind of value that `parse` reads (nil: not one) and `show` writes.
  package init(
    expectation: String, choices: [String] = [], use: Declaration.Use = .none,
    parse: @escaping @Sendable (String) -> Value?,
    show: @escaping @Sendable (Value) -> String
  ) {
    self.expectation = expectation
    self.choices = choices
    self.use = use
    self.parse = parse
    self.show = show
  }

  func decode(_ text: String, for label: String) throws(UsageError) -> Value {
    if let value = parse(text) { return value }
    throw .invalid(
      argument: label, expected: expectation, found: text, suggestion: nearest(to: text, in: choices))
  }

  /// What help adds: the choices and the default.
  func remark(default fallback: Value? = nil) -> String {
    let parts = [
      choices.isEmpty ? nil : choices.joined(separator: "|"), fallback.map { "default: \(show($0))" },
    ]
    let text = parts.compactMap(\.self).joined(separator: "; ")
    return text.isEmpty ? "" : "(\(text))"
  }
}

extension ValueKind where Value == String {
  /// Any text that is not empty.
  package static var text: Self {
    Self(expectation: "a text that is not empty", parse: { $0.isEmpty ? nil : $0 }, show: \.self)
  }

  /// The name of a file to write. Results are files, never a stream: a `-` is a mistake, not a name.
  package static var output: Self {
    Self(
      expectation: "a file name (./- for a file named -)", use: .writesFile,
      parse: { $0.isEmpty || $0 == "-" ? nil : $0 },
      show: \.self)
  }

  /// The name of a folder to write files to.
  package static var outputFolder: Self {
    Self(
      expectation: "a text that is not empty", use: .writesFolder, parse: { $0.isEmpty ? nil : $0 },
      show: \.self)
  }

  /// One of `choices`, in any case.
  package static func choice(_ choices: [String]) -> Self {
    Self(
      expectation: "one of " + choices.joined(separator: ", "), choices: choices,
      parse: { word in choices.first { $0.lowercased() == word.lowercased() } }, show: \.self)
  }
}

extension ValueKind where Value == Int {
  /// An integer in `range`, in decimal digits.
  package static func integer(in range: ClosedRange<Int>) -> Self {
    let expectation =
      range.upperBound == .max
      ? "an integer of at least \(range.lowerBound)"
      : "an integer from \(range.lowerBound) to \(range.upperBound)"
    return Self(
      expectation: expectation, parse: { Int($0).flatMap { range.contains($0) ? $0 : nil } },
      show: { String($0) })
  }
}

extension ValueKind where Value == Double {
  /// A finite number in `range`, in decimal digits.
  package static func number(in range: ClosedRange<Double>) -> Self {
    Self(
      expectation: "a number from \(range.lowerBound) to \(range.upperBound)",
      parse: { Double(decimal: $0).flatMap { range.contains($0) ? $0 : nil } }, show: { "\($0)" })
  }
}

extension ValueKind where Value: CaseIterable & RawRepresentable, Value.RawValue == String {
  /// One of an enumeration's cases, by raw value in any case.
  package static func choice(of type: Value.Type = Value.self) -> Self {
    let names = type.allCases.map(\.rawValue)
    return Self(
      expectation: "one of " + names.joined(separator: ", "), choices: names,
      parse: { word in Value.allCases.first { $0.rawValue.lowercased() == word.lowercased() } },
      show: \.rawValue)
  }
}
