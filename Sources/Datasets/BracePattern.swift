import Files

/// Names as shells and WebDataset write many of them in one: `data/{000000..000999}.tar`, `{train,val}.tar`.
enum BracePattern {
  /// More names are a mistake.
  private static let mostNames = 1_000_000

  /// The names that a path stands for, in their order; nil for a path that something is at, or that is no pattern.
  ///
  /// - Throws: ``DatasetError/tooManyNames(pattern:limit:)``.
  static func names(of path: String) throws(DatasetError) -> [String]? {
    guard path.contains("{"), FileIdentity(path) == nil, let names = expanded(path[...]) else {
      return nil
    }
    guard names.count <= mostNames else { throw .tooManyNames(pattern: path, limit: mostNames) }
    return names
  }

  /// The pattern of two names or more that differ in a number ahead of their endings alone, which has no gaps; nil for others.
  static func pattern(of names: [String]) -> String? {
    let numbered = names.compactMap { name -> (number: Int, digits: Substring)? in
      guard let dot = name.lastIndex(of: ".") else { return nil }
      let digits = name[..<dot].trailing { ("0"..."9").contains($0) }
      return number(digits).map { ($0, digits) }
    }.sorted { $0.number < $1.number }
    guard numbered.count == names.count, names.count > 1, let (low, first) = numbered.first,
      let (high, last) = numbered.last, high - low == names.count - 1
    else { return nil }
    let name = first.base
    let pattern = "\(name[..<first.startIndex]){\(first)..\(last)}\(name[first.endIndex...])"
    return expanded(pattern[...]).map(Set.init) == Set(names) ? pattern : nil
  }

  /// Nil where nothing is between braces that could be expanded; too many names where there are too many.
  private static func expanded(_ text: Substring) -> [String]? {
    guard let open = text.firstIndex(of: "{"), let close = text[open...].firstIndex(of: "}"),
      let choices = choices(text[text.index(after: open)..<close])
    else { return nil }
    let rests =
      expanded(text[text.index(after: close)...]) ?? [String(text[text.index(after: close)...])]
    let (count, overflow) = choices.count.multipliedReportingOverflow(by: rests.count)
    guard !overflow, count <= mostNames else { return Array(repeating: "", count: mostNames + 1) }
    return choices.flatMap { choice in rests.map { text[..<open] + choice + $0 } }
  }

  /// What stands between braces: words between commas, or numbers from one to another, as wide as the wider one with zeros ahead.
  private static func choices(_ text: Substring) -> [String]? {
    guard !text.contains(",") else {
      return text.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }
    guard let dots = text.firstRange(of: "..") else { return nil }
    let (first, last) = (text[..<dots.lowerBound], text[dots.upperBound...])
    guard let from = number(first), let to = number(last) else { return nil }
    let isPadded = [first, last].contains { $0.count > 1 && $0.hasPrefix("0") }
    let width = isPadded ? max(first.count, last.count) : 0
    guard abs(to - from) <= mostNames else { return Array(repeating: "", count: mostNames + 1) }
    return stride(from: from, through: to, by: from <= to ? 1 : -1).map { number in
      let digits = String(number)
      return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
  }

  private static func number(_ text: Substring) -> Int? {
    guard !text.isEmpty, text.utf8.count <= 15, text.utf8.allSatisfy({ 0x30...0x39 ~= $0 }) else {
      return nil
    }
    return Int(text)
  }
}

extension Substring {
  /// The characters at the end that all fulfil a condition.
  fileprivate func trailing(_ condition: (Character) -> Bool) -> Substring {
    lastIndex { !condition($0) }.map { self[index(after: $0)...] } ?? self
  }
}
