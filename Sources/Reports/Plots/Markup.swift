/// What texts of strangers (names of files, labels, commands) become inside XML and HTML.
package enum Markup {
  /// `text` as character data or as the value of a quoted attribute.
  ///
  /// Characters that XML 1.0 forbids, and those that turn the direction of text, become U+FFFD: a name must
  /// not change what stands around it.
  package static func escaped(_ text: String) -> String {
    var result = ""
    result.reserveCapacity(text.utf8.count)
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "'": result += "&#39;"
      case "\t", "\n", "\r": result += " "
      case _ where isForbidden(scalar.value): result += "\u{FFFD}"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// `text` as character data of HTML, in which words that are written from right to left stand by themselves: they would draw
  /// numbers that follow them ahead of them.
  package static func isolated(_ text: String) -> String {
    guard text.unicodeScalars.contains(where: isRightToLeft) else { return escaped(text) }
    var (result, run) = ("", "")
    let words = text.split(separator: " ", omittingEmptySubsequences: false)
    for (index, word) in words.enumerated() {
      let isRun = word.unicodeScalars.contains(where: isRightToLeft)
      if !run.isEmpty, !isRun {
        result += "<bdi>\(run)</bdi>"
        run = ""
      }
      let space = index == 0 ? "" : " "
      if isRun {
        if run.isEmpty { result += space } else { run += space }
        run += escaped(String(word))
      } else {
        result += space + escaped(String(word))
      }
    }
    return run.isEmpty ? result : result + "<bdi>\(run)</bdi>"
  }

  /// Hebrew, Arabic, Syriac, Thaana and their kin.
  private static func isRightToLeft(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x590...0x8FF, 0xFB1D...0xFDFF, 0xFE70...0xFEFE, 0x10800...0x10FFF, 0x1E800...0x1EFFF: true
    default: false
    }
  }

  private static func isForbidden(_ code: UInt32) -> Bool {
    switch code {
    case 0..<0x20, 0x7F..<0xA0, 0xFFFE, 0xFFFF: true
    case 0x200E, 0x200F, 0x202A...0x202E, 0x2066...0x2069: true
    default: false
    }
  }
}
