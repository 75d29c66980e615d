extension String {
  /// The text with nothing in it that a terminal obeys: control characters, line ends among them, and those that turn the
  /// direction of writing stand as `\u{1B}`, bytes of names that are no characters as `\xB9`.
  package var printable: String { printable(keeping: []) }

  /// The same, but for some characters.
  package func printable(keeping kept: Set<Unicode.Scalar>) -> String {
    let shown = escapingBytes
    guard shown.unicodeScalars.contains(where: { $0.isCommand && !kept.contains($0) }) else { return shown }
    var text = String.UnicodeScalarView()
    for scalar in shown.unicodeScalars {
      if scalar.isCommand, !kept.contains(scalar) {
        text += "\\u{\(String(scalar.value, radix: 16, uppercase: true))}".unicodeScalars
      } else {
        text.append(scalar)
      }
    }
    return String(text)
  }

  /// The same text as JSON: the characters that ``printable`` replaces, line ends apart, as JSON escapes them. They stand
  /// nowhere but in strings.
  package var printableJSON: String {
    guard unicodeScalars.contains(where: { $0.isCommand && $0 != "\n" }) else { return self }
    var text = String.UnicodeScalarView()
    for scalar in unicodeScalars {
      if scalar.isCommand, scalar != "\n" {
        let digits = String(scalar.value, radix: 16)
        text += "\\u\(String(repeating: "0", count: 4 - digits.count))\(digits)".unicodeScalars
      } else {
        text.append(scalar)
      }
    }
    return String(text)
  }
}

extension Unicode.Scalar {
  /// Whether it moves, hides or colours what stands around it, or turns its direction.
  fileprivate var isCommand: Bool {
    switch value {
    case 0..<0x20, 0x7F..<0xA0, 0x61C, 0x200E, 0x200F, 0x2028...0x202E, 0x2066...0x2069: true
    default: false
    }
  }
}
