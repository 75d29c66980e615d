/// What the names of layers and those of their groups in a file have in common, as rules: a pattern of layers' names, and what their
/// groups are called.
///
/// In a pattern, `{a}` stands for a number and `{A}` for a letter, `a` for 1; in a group's name, `{a}`, `{a-1}` and `{2a+3}` stand for what
/// comes of it. A pattern that ends in `#` is for all layers of one automatic name (`conv2d`, `conv2d_1`), one with `#` inside
/// (`block_#_expand`) for all that have a number there, in the order of their numbers: they have the groups that the rest of the rule lists, where `{1a,2a}` stands for each of its members in turn. The first pattern that
/// fits a layer is its own.
package struct BindingRules: Sendable {
  private let rules: [[String]]
  private let tag: String

  /// - Parameter tag: the weight set that the rules are of, for errors.
  init(_ rules: [[String]], tag: String) { (self.rules, self.tag) = (rules, tag) }

  /// The group of every layer, in the order of `layers`.
  func groups(of layers: [String]) throws(WeightSetError) -> [String] {
    var found: [String: String] = [:]
    for rule in rules {
      guard let pattern = rule.first, rule.count > 1 else { throw .invalid(tag, "\(rule) is no rule") }
      let open = layers.filter { found[$0] == nil }
      if pattern.contains("#") {
        try bindByRank(open, pattern, rule.dropFirst(), into: &found)
      } else {
        guard rule.count == 2, let names = NamePattern(pattern), let groups = NamePattern(rule[1]) else {
          throw .invalid(tag, "\(rule) is no rule")
        }
        for layer in open {
          if let values = names.values(in: layer) { found[layer] = groups.name(for: values) }
        }
      }
    }
    let groups = layers.compactMap { found[$0] }
    guard groups.count == layers.count else {
      let first = layers.first { found[$0] == nil } ?? ""
      throw .invalid(tag, "no rule says which group '\(first)' has")
    }
    return groups
  }

  private func bindByRank(
    _ layers: [String], _ pattern: String, _ lists: ArraySlice<String>, into found: inout [String: String]
  ) throws(WeightSetError) {
    let numbered = layers.compactMap { layer in Self.number(of: layer, pattern).map { (layer, $0) } }
      .sorted { $0.1 < $1.1 }
    let groups = lists.flatMap { Self.expanded($0) ?? [] }
    guard groups.count == numbered.count else {
      throw .invalid(
        tag, "\(numbered.count) layers are called \(pattern), the rule has \(groups.count) groups")
    }
    for (layer, group) in zip(numbered, groups) { found[layer.0] = group }
  }

  /// The number that a layer has in the place of `#`; nil for a layer of another name.
  private static func number(of layer: String, _ pattern: String) -> Int? {
    let parts = pattern.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2, !parts[1].isEmpty else {
      let name = AutoNumberedName(layer)
      return name.stem == parts[0] ? name.number : nil
    }
    guard layer.hasPrefix(parts[0]), layer.hasSuffix(parts[1]),
      layer.count > parts[0].count + parts[1].count
    else { return nil }
    let digits = layer.dropFirst(parts[0].count).dropLast(parts[1].count)
    return digits.allSatisfy { $0.isASCII && $0.isNumber } ? Int(digits) : nil
  }

  private static let mostNames = 4096

  /// The names that a text with lists in braces stands for; nil where they are too many.
  private static func expanded(_ text: String) -> [String]? {
    var names = [""]
    var rest = Substring(text)
    while let open = rest.firstIndex(of: "{"), let close = rest[open...].firstIndex(of: "}") {
      let start = rest[..<open]
      let members = rest[rest.index(after: open)..<close].split(
        separator: ",", omittingEmptySubsequences: false)
      guard names.count * members.count <= mostNames else { return nil }
      names = names.flatMap { name in members.map { name + start + $0 } }
      rest = rest[rest.index(after: close)...]
    }
    return names.map { $0 + rest }
  }
}

/// A name with places for numbers and letters.
private struct NamePattern {
  private enum Part: Hashable {
    case text(String)
    /// `factor` times what the variable stands for, and `addend`.
    case place(Character, factor: Int, addend: Int)
  }

  private var parts: [Part] = []

  init?(_ text: String) {
    var rest = Substring(text)
    while let open = rest.firstIndex(of: "{") {
      guard let close = rest[open...].firstIndex(of: "}"),
        let place = Self.place(rest[rest.index(after: open)..<close])
      else { return nil }
      if open > rest.startIndex { parts.append(.text(String(rest[..<open]))) }
      parts.append(place)
      rest = rest[rest.index(after: close)...]
    }
    if !rest.isEmpty { parts.append(.text(String(rest))) }
  }

  /// `2a+3`.
  private static func place(_ text: Substring) -> Part? {
    let factor = text.prefix { $0.isNumber }
    let rest = text.dropFirst(factor.count)
    guard let variable = rest.first, variable.isLetter else { return nil }
    let addend = rest.dropFirst()
    guard factor.count <= 4, addend.count <= 6, let number = addend.isEmpty ? 0 : Int(addend),
      let times = factor.isEmpty ? 1 : Int(factor)
    else { return nil }
    return .place(variable, factor: times, addend: number)
  }

  /// What the places stand for in `name`; nil where it does not fit.
  func values(in name: String) -> [Character: Int]? {
    var values: [Character: Int] = [:]
    var rest = Substring(name)
    for part in parts {
      switch part {
      case .text(let text):
        guard rest.hasPrefix(text) else { return nil }
        rest = rest.dropFirst(text.count)
      case .place(let variable, _, _):
        if variable.isUppercase {
          guard let letter = rest.first?.asciiValue, (97...122).contains(letter) else { return nil }
          values[variable] = Int(letter) - 96
          rest = rest.dropFirst()
        } else {
          let digits = rest.prefix { $0.isASCII && $0.isNumber }
          guard digits.count <= 9, let number = Int(digits) else { return nil }
          values[variable] = number
          rest = rest.dropFirst(digits.count)
        }
      }
    }
    return rest.isEmpty ? values : nil
  }

  /// The name in which the places stand for `values`.
  func name(for values: [Character: Int]) -> String {
    parts.map { part in
      switch part {
      case .text(let text): text
      case .place(let variable, let factor, let addend): "\(factor * (values[variable] ?? 0) + addend)"
      }
    }.joined()
  }
}
