/// Colours and weights for a terminal; when disabled, text stays as it is.
package struct TerminalStyle: Sendable {
  /// What text can be made into, with its SGR parameter (ECMA-48, section 8.3.117).
  package enum Attribute: String, Sendable {
    case bold = "1"
    case dim = "2"
    case red = "31"
    case green = "32"
    case yellow = "33"
    case cyan = "36"
  }

  package let isEnabled: Bool

  package init(isEnabled: Bool) { self.isEnabled = isEnabled }

  /// `text` with all of `attributes`, switched off again at its end.
  package func apply(_ attributes: Attribute..., to text: String) -> String {
    guard isEnabled, !text.isEmpty else { return text }
    return "\u{1B}[\(attributes.map(\.rawValue).joined(separator: ";"))m\(text)\u{1B}[0m"
  }
}
