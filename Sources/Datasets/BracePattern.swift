import Encoding
import Files

/// Names as shells and WebDataset write many of them in one: `data/{000000..000999}.tar`, `{train,val}.tar`.
struct BracePattern {
  /// More names, or more bytes of names, are a mistake.
  private static let mostNames = 1_000_000
  private static let mostBytes = 1 << 28

  /// Texts with choices behind each.
  private var parts: [(text: Substring, choices: Choices)] = []
  /// What stands behind the last choices.
  private var end: Substring = ""

  /// The names that a path stands for, in their order; nil for a path that something is at, or that is no pattern.
  ///
  /// - Throws: ``DatasetError/tooManyNames(pattern:limit:)``, ``DatasetError/nestedPattern(pattern:)``.
  static func names(of path: String) throws(DatasetError) -> [String]? {
    guard path.contains("{"), FileIdentity(path) == nil else { return nil }
    return try BracePattern(path)?.names
  }

  /// The pattern of two names or more that differ in a number ahead of their endings alone, which has no gaps; nil for others.
  static func pattern(of names: [String]) -> String? {
    let numbered = names.compactMap { name -> (number: Int, digits: Substring)? in
      guard let dot = name.lastIndex(of: ".") else { return nil }
      let digits = name[..<dot].trailing { ("0"..."9").contains($0) }
      return Choices.number(digits).map { ($0, digits) }
    }.sorted { $0.number < $1.number }
    guard numbered.count == names.count, names.count > 1, let (low, first) = numbered.first,
      let (high, last) = numbered.last, high - low == names.count - 1
    else { return nil }
    let name = first.base
    let pattern = "\(name[..<first.startIndex]){\(first)..\(last)}\(name[first.endIndex...])"
    return (try? BracePattern(pattern)).map { Set($0.names) } == Set(names) ? pattern : nil
  }

  /// Nil where nothing is between braces that could be expanded; nothing is expanded yet.
  private init?(_ path: String) throws(DatasetError) {
    var (start, place) = (path.startIndex, path.startIndex)
    let ends = Self.ends(of: path)
    while let open = path[place...].firstIndex(of: "{") {
      let inside = path.index(after: open)
      guard let close = ends[open] else {
        place = inside
        continue
      }
      let text = path[inside..<close]
      if text.contains("{"), text.contains(",") || text.contains("..") { throw .nestedPattern(pattern: path) }
      place = path.index(after: close)
      guard let choices = Choices(text) else { continue }
      parts.append((path[start..<open], choices))
      start = place
    }
    guard !parts.isEmpty else { return nil }
    end = path[start...]
    try check(path)
  }

  /// For each brace that opens the one that closes it, where one does.
  private static func ends(of path: String) -> [String.Index: String.Index] {
    var (open, ends): ([String.Index], [String.Index: String.Index]) = ([], [:])
    for index in path.indices {
      if path[index] == "{" { open.append(index) }
      if path[index] == "}", let start = open.popLast() { ends[start] = index }
    }
    return ends
  }

  /// Refuses more names than can be meant, or than memory should hold.
  private func check(_ path: String) throws(DatasetError) {
    var (count, byteCount) = (1, end.utf8.count)
    for part in parts {
      count = part.choices.count <= Self.mostNames ? count * part.choices.count : .max
      guard count <= Self.mostNames else {
        throw .tooManyNames(pattern: path, limit: Self.mostNames)
      }
      byteCount += part.text.utf8.count + part.choices.longest
    }
    guard byteCount <= Self.mostBytes / count else {
      throw .tooManyNames(pattern: path, limit: Self.mostNames)
    }
  }

  private var names: [String] {
    var names = [""]
    for part in parts {
      names = names.flatMap { name in part.choices.texts.lazy.map { name + part.text + $0 } }
    }
    return names.map { $0 + end }
  }
}

/// What stands between braces: words between commas, or numbers from one to another, as wide as the wider one with zeros ahead.
private enum Choices {
  case words([Substring])
  case numbers(from: Int, to: Int, width: Int)

  init?(_ text: Substring) {
    guard !text.contains(",") else {
      self = .words(text.split(separator: ",", omittingEmptySubsequences: false))
      return
    }
    guard let dots = text.firstRange(of: "..") else { return nil }
    let (first, last) = (text[..<dots.lowerBound], text[dots.upperBound...])
    guard let from = Self.number(first), let to = Self.number(last) else { return nil }
    let isPadded = [first, last].contains { $0.count > 1 && $0.hasPrefix("0") }
    self = .numbers(from: from, to: to, width: isPadded ? max(first.count, last.count) : 0)
  }

  var count: Int {
    switch self {
    case .words(let words): words.count
    case .numbers(let from, let to, _): abs(to - from) + 1
    }
  }

  /// The bytes of the longest.
  var longest: Int {
    switch self {
    case .words(let words): words.map(\.utf8.count).max() ?? 0
    case .numbers(let from, let to, let width): max(width, String(max(from, to)).utf8.count)
    }
  }

  var texts: [String] {
    switch self {
    case .words(let words): words.map(String.init)
    case .numbers(let from, let to, let width):
      stride(from: from, through: to, by: from <= to ? 1 : -1).map { number in
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
      }
    }
  }

  static func number(_ text: Substring) -> Int? {
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
