/// Makes the comments and the insides of strings of Swift code blank. Line breaks stay where they are.
///
/// Code inside an interpolation is code. Regular-expression literals are not known; there are none.
struct CodeLexer {
  private var rest: Substring
  private var output = ""
  private var strings: [String] = []

  private init(_ text: String) { rest = text[...] }

  static func code(of text: String) -> String {
    var lexer = CodeLexer(text)
    lexer.takeCode(untilClosingParenthesis: false)
    return lexer.output
  }

  static func strings(of text: String) -> [String] {
    var lexer = CodeLexer(text)
    lexer.takeCode(untilClosingParenthesis: false)
    return lexer.strings
  }

  private mutating func takeCode(untilClosingParenthesis: Bool) {
    var depth = 0
    while let character = rest.first {
      if untilClosingParenthesis {
        if character == ")", depth == 0 { return }
        if character == "(" { depth += 1 }
        if character == ")" { depth -= 1 }
      }
      if rest.hasPrefix("//") {
        blank { $0.first?.isNewline != false }
      } else if rest.hasPrefix("/*") {
        takeBlockComment()
      } else if let pounds = poundsBeforeString() {
        takeString(pounds: pounds)
      } else {
        keep(1)
      }
    }
  }

  /// How many `#` stand before a string that begins here, or nil when none does.
  private func poundsBeforeString() -> Int? {
    let pounds = rest.prefix { $0 == "#" }
    return rest.dropFirst(pounds.count).first == "\"" ? pounds.count : nil
  }

  private mutating func takeString(pounds: Int) {
    let fence = String(repeating: "#", count: pounds)
    keep(pounds)
    let quotes = rest.hasPrefix("\"\"\"") ? "\"\"\"" : "\""
    keep(quotes.count)
    var content = ""
    while !rest.isEmpty, !rest.hasPrefix(quotes + fence) {
      if rest.hasPrefix("\\\(fence)(") {
        blank(2 + pounds)
        takeCode(untilClosingParenthesis: true)
        blank(1)
      } else {
        let count = rest.hasPrefix("\\") && pounds == 0 ? 2 : 1
        content += rest.prefix(count)
        blank(count)
      }
    }
    strings.append(content)
    keep(quotes.count + pounds)
  }

  private mutating func takeBlockComment() {
    var depth = 0
    repeat {
      if rest.hasPrefix("/*") { depth += 1 }
      if rest.hasPrefix("*/") { depth -= 1 }
      blank(rest.hasPrefix("/*") || rest.hasPrefix("*/") ? 2 : 1)
    } while depth > 0 && !rest.isEmpty
  }

  private mutating func keep(_ count: Int) {
    output += rest.prefix(count)
    rest = rest.dropFirst(count)
  }

  private mutating func blank(_ count: Int) {
    output += rest.prefix(count).map { $0.isNewline ? $0 : " " }
    rest = rest.dropFirst(count)
  }

  private mutating func blank(until isEnd: (Substring) -> Bool) {
    while !isEnd(rest) { blank(1) }
  }
}
