extension String {
  /// The text with nothing in it that a terminal obeys: control characters, and those that turn the direction of writing,
  /// stand as `\u{1B}`.
  package var printable: String {
    guard unicodeScalars.contains(where: \.isCommand) else { return self }
    var text = ""
    for scalar in unicodeScalars {
      if scalar.isCommand {
        text += "\\u{\(String(scalar.value, radix: 16, uppercase: true))}"
      } else {
        text.unicodeScalars.append(scalar)
      }
    }
    return text
  }
}

extension Unicode.Scalar {
  /// Whether it moves, hides or colours what stands around it.
  fileprivate var isCommand: Bool {
    switch value {
    case 0..<0x20, 0x7F..<0xA0, 0x2028...0x202E, 0x2066...0x2069: true
    default: false
    }
  }
}
