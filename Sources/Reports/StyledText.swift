/// Text, parts of which a terminal is to show bold or in colour.
///
/// What a text says and how it looks are kept apart until it is printed, so that nothing in it, a name from a file
/// perhaps, can be taken for a style.
package struct StyledText: Sendable, Hashable {
  /// What text can be made into, with its SGR parameter (ECMA-48, section 8.3.117).
  package enum Attribute: String, Sendable {
    case bold = "1"
    case red = "31"
    case yellow = "33"
  }

  private struct Run: Hashable {
    var text: String
    var attributes: [Attribute]
  }

  private let runs: [Run]

  /// `text` with all of `attributes`.
  package init(_ text: String, _ attributes: Attribute...) {
    runs = text.isEmpty ? [] : [Run(text: text, attributes: attributes)]
  }

  private init(runs: [Run]) { self.runs = runs }

  package static func + (left: StyledText, right: StyledText) -> StyledText {
    StyledText(runs: left.runs + right.runs)
  }

  package static func + (left: StyledText, right: String) -> StyledText { left + StyledText(right) }

  /// What it says.
  package var plain: String { runs.map(\.text).joined() }

  /// What a terminal is sent: every part through `escape`, and its style switched on before it and off after it.
  package func terminalText(_ escape: (String) -> String) -> String {
    runs.map { run in
      guard !run.attributes.isEmpty else { return escape(run.text) }
      let parameters = run.attributes.map(\.rawValue).joined(separator: ";")
      return "\u{1B}[\(parameters)m\(escape(run.text))\u{1B}[0m"
    }.joined()
  }
}

extension Sequence<StyledText> {
  /// One after the other, with `separator` between them.
  package func joined(separator: String) -> StyledText {
    reduce(nil as StyledText?) { whole, next in whole.map { $0 + separator + next } ?? next }
      ?? StyledText("")
  }
}
