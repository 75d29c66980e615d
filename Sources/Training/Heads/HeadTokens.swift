/// One word of a head's text.
struct HeadToken {
  enum Kind: Hashable { case name, number, symbol, end }

  var kind: Kind
  var text: String
  /// Where it starts, in characters from 0.
  var position: Int
  /// What stands between parentheses behind an activation's name that is an option itself.
  var arguments: [HeadOptions.Argument] = []

  /// How an error speaks of it.
  var found: String { kind == .end ? "the end" : "'\(text)'" }

  func isSymbol(_ symbol: String) -> Bool { kind == .symbol && text == symbol }
}

/// Splits a head's text into names, numbers and symbols; quotes around names are Python's habit and drop.
struct HeadTokenizer {
  private let head: String
  private let characters: [Character]
  private var position = 0

  static func tokens(of head: String) throws(TrainingError) -> [HeadToken] {
    var tokenizer = HeadTokenizer(head)
    var tokens: [HeadToken] = []
    repeat { tokens.append(try tokenizer.next()) } while tokens.last?.kind != .end
    return tokens
  }

  private init(_ head: String) {
    self.head = head
    characters = Array(head)
  }

  private mutating func next() throws(TrainingError) -> HeadToken {
    _ = take { $0.isWhitespace }
    guard position < characters.count else { return HeadToken(kind: .end, text: "", position: position) }
    let start = position
    let first = characters[position]
    if Self.isNameStart(first) { return name(from: start) }
    if Self.isNumberStart(first) { return number(from: start) }
    position += 1
    switch first {
    case "(", ")", ",", "=": return HeadToken(kind: .symbol, text: String(first), position: start)
    case "'", "\"": return try quoted(by: first, from: start)
    default:
      throw .syntax(head: head, position: start, expected: "a layer", found: "'\(first)'")
    }
  }

  private mutating func name(from start: Int) -> HeadToken {
    let text = take { Self.isNameStart($0) || ("0"..."9").contains($0) }
    return HeadToken(kind: .name, text: text, position: start)
  }

  private mutating func number(from start: Int) -> HeadToken {
    var text = take(Self.isNumberStart)
    if position < characters.count, characters[position].lowercased() == "e" {
      position += 1
      text += "e" + take(Self.isNumberStart)
    }
    return HeadToken(kind: .number, text: text, position: start)
  }

  private mutating func quoted(by quote: Character, from start: Int) throws(TrainingError) -> HeadToken {
    let text = take { $0 != quote }
    guard position < characters.count else {
      throw .syntax(head: head, position: start, expected: "a closing quote", found: "the end")
    }
    position += 1
    return HeadToken(kind: .name, text: text, position: start)
  }

  private mutating func take(_ belongs: (Character) -> Bool) -> String {
    let start = position
    while position < characters.count, belongs(characters[position]) { position += 1 }
    return String(characters[start..<position])
  }

  private static func isNameStart(_ character: Character) -> Bool {
    character == "_" || ("a"..."z").contains(character) || ("A"..."Z").contains(character)
  }

  private static func isNumberStart(_ character: Character) -> Bool {
    character == "." || character == "-" || character == "+" || ("0"..."9").contains(character)
  }
}
