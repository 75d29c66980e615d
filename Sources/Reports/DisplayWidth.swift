/// How many terminal columns `text` takes: two for wide East Asian characters and emoji, none for combining
/// marks and control characters (Unicode Standard Annex 11).
package func displayWidth(of text: String) -> Int {
  if text.utf8.allSatisfy({ (0x20...0x7E).contains($0) }) { return text.utf8.count }
  return text.reduce(0) { $0 + columns(of: $1) }
}

private func columns(of character: Character) -> Int {
  var widest = 0
  for scalar in character.unicodeScalars {
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format, .control:
      if scalar == "\u{FE0F}" { widest = 2 }
    default:
      widest = max(widest, isWide(scalar) ? 2 : 1)
    }
  }
  return widest
}

private func isWide(_ scalar: Unicode.Scalar) -> Bool {
  scalar.properties.isEmojiPresentation || wideRanges.contains { $0.contains(scalar.value) }
}

/// The blocks whose characters are wide or full-width in Unicode's EastAsianWidth table.
private let wideRanges: [ClosedRange<UInt32>] = [
  0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x4DBF, 0x4E00...0xA4CF, 0xA960...0xA97F, 0xAC00...0xD7A3,
  0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF01...0xFF60, 0xFFE0...0xFFE6, 0x1F200...0x1F2FF, 0x20000...0x3FFFD,
]
