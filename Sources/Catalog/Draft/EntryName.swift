/// Names of models as an entry can have them: Keras takes any text for one.
package enum EntryName {
  /// A model's name on one line, `_` for what a terminal obeys; nil where nothing is left.
  package static func title(of modelName: String) -> String? {
    let text = cleaned(modelName) { $0 == " " }
    return text.allSatisfy { $0 == " " } ? nil : text
  }

  /// A model's name as one word.
  static func word(of modelName: String) -> String {
    let text = cleaned(modelName) { _ in false }
    return text.isEmpty ? fallback : text
  }

  /// A model's name as a name of an entry, which folders and files can have: lower-case letters, digits, `_`, `.` and `-`.
  package static func identifier(of modelName: String) -> String {
    let name = String(modelName.lowercased().map { legal.contains($0) ? $0 : "_" }.prefix(100))
    return name.isEmpty || name.hasPrefix(".") ? fallback + name : name
  }

  /// Whether an entry can have the name.
  package static func isIdentifier(_ name: String) -> Bool {
    1...Limits.nameBytes ~= name.utf8.count && !name.hasPrefix(".")
      && name.allSatisfy(legal.contains)
  }

  private static let fallback = "model"
  private static let legal = "abcdefghijklmnopqrstuvwxyz0123456789_.-"

  private static func cleaned(_ name: String, keeping isKept: (Unicode.Scalar) -> Bool) -> String {
    var text = String.UnicodeScalarView()
    var byteCount = 0
    for scalar in name.unicodeScalars {
      let shown = isKept(scalar) || isShown(scalar) ? scalar : "_"
      byteCount += UTF8.width(shown)
      guard byteCount <= Limits.nameBytes else { break }
      text.append(shown)
    }
    return String(text)
  }

  private static func isShown(_ scalar: Unicode.Scalar) -> Bool {
    !commands.contains(scalar.properties.generalCategory)
  }

  private static let commands: Set<Unicode.GeneralCategory> = [
    .control, .format, .lineSeparator, .paragraphSeparator, .spaceSeparator,
  ]
}
