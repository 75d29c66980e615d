import Encoding

/// The layer that was probably meant by a `name` which none has: the one that it became, where it has blanks and so is no name here,
/// or the one spelled most like it; nil when none is near enough.
package func nearestLayer(to name: String, in names: [String]) -> String? {
  let plain = name.withoutBlanks
  guard plain != name else { return nearest(to: name, in: names) }
  let numbered = names.first { candidate in
    guard candidate.hasPrefix(plain + "~") else { return false }
    return Int(candidate.dropFirst(plain.count + 1)) != nil
  }
  return numbered ?? names.first { $0 == plain } ?? nearest(to: name, in: names)
}
