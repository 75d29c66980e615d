/// The candidate that was probably meant by a mistyped `word`, or nil when none is near enough.
///
/// Near enough means at most one slip in three characters (insertion, deletion, substitution, two neighbours
/// swapped), or that the word is the beginning of the candidate. Case does not count. Of equally near
/// candidates the first wins.
///
/// - Complexity: O(candidates × word length × candidate length); words of one character or over 128 match nothing.
package func nearest(to word: String, in candidates: some Sequence<String>) -> String? {
  let typed = Array(word.lowercased())
  guard (2...128).contains(typed.count) else { return nil }
  var best: (candidate: String, distance: Int)?
  for candidate in candidates {
    let target = Array(candidate.lowercased())
    guard target.count <= 128 else { continue }
    let isBeginning = typed.count >= 3 && target.starts(with: typed)
    let distance = isBeginning ? 1 : editDistance(typed, target)
    let allowed = (max(typed.count, target.count) + 2) / 3
    guard distance <= allowed, distance < best?.distance ?? .max else { continue }
    best = (candidate, distance)
  }
  return best?.candidate
}

/// The least number of insertions, deletions, substitutions and swaps of neighbours that make `source` into
/// `target` (Damerau, "A technique for computer detection and correction of spelling errors", CACM 1964).
package func editDistance<Element: Equatable>(_ source: [Element], _ target: [Element]) -> Int {
  var beforePrevious: [Int] = []
  var previous = Array(0...target.count)
  for row in source.indices {
    var current = [row + 1]
    for column in target.indices {
      let substitution = previous[column] + (source[row] == target[column] ? 0 : 1)
      var least = min(substitution, previous[column + 1] + 1, current[column] + 1)
      if row > 0, column > 0, source[row] == target[column - 1], source[row - 1] == target[column] {
        least = min(least, beforePrevious[column - 1] + 1)
      }
      current.append(least)
    }
    (beforePrevious, previous) = (previous, current)
  }
  return previous[target.count]
}
