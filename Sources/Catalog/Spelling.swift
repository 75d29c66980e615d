/// Finding what somebody meant.
package enum Spelling {
  /// The candidate nearest to `word`, unless even that differs in more than a third of the letters.
  ///
  /// - Complexity: O(candidates * letters²).
  package static func nearest(to word: String, among candidates: [String]) -> String? {
    let scored = candidates.map { (distance(Array(word.utf8), Array($0.utf8)), $0) }
    guard let best = scored.min(by: { $0.0 < $1.0 }), best.0 * 3 <= max(word.utf8.count, 3) else {
      return nil
    }
    return best.1
  }

  /// The number of insertions, deletions and replacements between two words (Levenshtein, 1965).
  private static func distance(_ first: [UInt8], _ second: [UInt8]) -> Int {
    var row = Array(0...second.count)
    for (i, letter) in first.enumerated() {
      var diagonal = row[0]
      row[0] = i + 1
      for (j, other) in second.enumerated() {
        let replaced = diagonal + (letter == other ? 0 : 1)
        diagonal = row[j + 1]
        row[j + 1] = min(replaced, row[j] + 1, row[j + 1] + 1)
      }
    }
    return row[second.count]
  }
}
