import Testing

/// A strict reader of markup: every tag closed, every attribute quoted, nothing loose.
enum WellFormedness {
  struct Flaw: Error { let reason: String }

  /// Elements that HTML never closes.
  private static let empty: Set<String> = ["meta", "img", "br", "hr", "link"]

  static func check(_ text: String) throws {
    var open: [String] = []
    var rest = Substring(text)
    while let start = rest.firstIndex(of: "<") {
      try checkText(rest[..<start], inside: open.last)
      guard let end = rest[start...].firstIndex(of: ">") else {
        throw Flaw(reason: "unclosed: \(rest[start...])")
      }
      let tag = rest[rest.index(after: start)..<end]
      rest = rest[rest.index(after: end)...]
      if tag.hasPrefix("?") || tag.hasPrefix("!") { continue }
      if tag.hasPrefix("/") {
        guard open.popLast() == String(tag.dropFirst()) else {
          throw Flaw(reason: "</\(tag)> closes \(open)")
        }
        continue
      }
      let name = String(tag.prefix { $0 != " " && $0 != "/" && $0 != "\n" })
      try checkAttributes(tag.dropFirst(name.count).drop { $0 == " " })
      if !tag.hasSuffix("/"), !empty.contains(name) { open.append(name) }
    }
    guard open.isEmpty else { throw Flaw(reason: "never closed: \(open)") }
  }

  private static func checkText(_ text: Substring, inside element: String?) throws {
    guard element != "style" else { return }
    var rest = text
    while let ampersand = rest.firstIndex(of: "&") {
      let entity = rest[ampersand...].prefix { $0 != ";" }
      guard ["&amp", "&lt", "&gt", "&quot", "&#39", "&nbsp"].contains(entity) else {
        throw Flaw(reason: "loose &: \(rest[ampersand...].prefix(20))")
      }
      rest = rest[rest.index(after: ampersand)...]
    }
  }

  private static func checkAttributes(_ text: Substring) throws {
    var rest = text
    while !rest.isEmpty, rest != "/" {
      let name = rest.prefix { $0 != "=" && $0 != " " }
      rest = rest.dropFirst(name.count)
      guard !name.isEmpty, name.allSatisfy({ $0.isLetter || "-:_".contains($0) || $0.isNumber }) else {
        throw Flaw(reason: "no attribute: \(text)")
      }
      if rest.first == "=" {
        rest = rest.dropFirst()
        guard rest.first == "\"" else { throw Flaw(reason: "not quoted: \(text)") }
        let value = rest.dropFirst().prefix { $0 != "\"" }
        try checkText(value, inside: nil)
        rest = rest.dropFirst(value.count + 2)
      }
      rest = rest.drop { $0 == " " || $0 == "\n" }
    }
  }
}
