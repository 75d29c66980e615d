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

  /// `text` as character data of HTML, in which what is written from right to left stands by itself: it would draw numbers and
  /// punctuation that follow it ahead of it. What stands between two such words belongs to them where it is space or joins them.
  package static func isolated(_ text: String) -> String {
    let scalars = Array(text.unicodeScalars)
    var (result, plain) = ("", scalars[...])
    while let first = plain.firstIndex(where: isRightToLeft) {
      var last = first
      var next = first + 1
      while next < plain.endIndex, isRightToLeft(scalars[next]) || joins(scalars[next]) {
        if isRightToLeft(scalars[next]) { last = next }
        next += 1
      }
      result += escaped(plain[..<first]) + "<bdi>\(escaped(plain[first...last]))</bdi>"
      plain = plain[(last + 1)...]
    }
    return result + escaped(plain)
  }

  private static func escaped(_ scalars: ArraySlice<Unicode.Scalar>) -> String {
    var view = String.UnicodeScalarView()
    view.append(contentsOf: scalars)
    return escaped(String(view))
  }

  /// Whether it may stand within a name of several words.
  private static func joins(_ scalar: Unicode.Scalar) -> Bool {
    scalar.properties.generalCategory == .nonspacingMark || [" ", "-", "_", "'", "\u{2019}"].contains(scalar)
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
