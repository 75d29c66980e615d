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
    case white = "37"
  }

  package let isEnabled: Bool

  package init(isEnabled: Bool) { self.isEnabled = isEnabled }

  /// `text` with all of `attributes`, switched off again at its end.
  package func apply(_ attributes: Attribute..., to text: String) -> String {
    guard isEnabled, !text.isEmpty else { return text }
    return "\u{1B}[\(attributes.map(\.rawValue).joined(separator: ";"))m\(text.printable)\u{1B}[0m"
  }

  /// `text` with everything but styles of this type changed by `transform`.
  package static func mapUnstyled(_ text: String, _ transform: (String) -> String) -> String {
    guard text.contains("\u{1B}") else { return transform(text) }
    let parts = text.split(separator: "\u{1B}[", omittingEmptySubsequences: false).map(String.init)
    return parts.dropFirst().reduce(transform(parts[0])) { whole, part in
      guard let end = part.firstIndex(of: "m"), isStyle(part[..<end]) else {
        return whole + transform("\u{1B}[" + part)
      }
      return whole + "\u{1B}[" + part[...end] + transform(String(part[part.index(after: end)...]))
    }
  }

  private static func isStyle(_ parameters: Substring) -> Bool {
    parameters.split(separator: ";", omittingEmptySubsequences: false).allSatisfy {
      $0 == "0" || Attribute(rawValue: String($0)) != nil
    }
  }
}
