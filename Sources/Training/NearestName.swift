/// What a misspelt name probably meant.
enum NearestName {
  /// The name with the fewest edits from `name`, when at most a third of it is wrong.
  static func of(_ name: String, among names: [String]) -> String? {
    let wanted = Array(folded(name))
    let scored = names.map { (name: $0, edits: edits(wanted, Array(folded($0)))) }
    guard let best = scored.min(by: { $0.edits < $1.edits }) else { return nil }
    return best.edits <= max(1, max(wanted.count, best.name.count) / 3) ? best.name : nil
  }

  /// Lower case without underscores, so that Keras's class names and function names are one.
  static func folded(_ name: String) -> String { name.lowercased().filter { $0 != "_" } }

  /// Levenshtein's distance.
  private static func edits(_ first: [Character], _ second: [Character]) -> Int {
    var row = Array(0...second.count)
    for (index, character) in first.enumerated() {
      var diagonal = row[0]
      row[0] = index + 1
      for (column, other) in second.enumerated() {
        let replaced = diagonal + (character == other ? 0 : 1)
        diagonal = row[column + 1]
        row[column + 1] = min(replaced, diagonal + 1, row[column] + 1)
      }
    }
    return row[second.count]
  }
}
