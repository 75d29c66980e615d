/// A function, initialiser or subscript with a body, and the lines from its name to its closing brace.
struct FunctionLength {
  let line: Int
  let name: String
  let lines: Int
}

extension SourceFile {
  /// The lengths of all functions, found by counting braces.
  func functionLengths() -> [FunctionLength] {
    let lines = code.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    return lines.indices.compactMap { index in
      guard let name = Self.declaredName(in: lines[index]) else { return nil }
      guard let count = Self.bodyLength(from: index, in: lines) else { return nil }
      return FunctionLength(line: index + 1, name: name, lines: count)
    }
  }

  /// The name of the function a line declares.
  private static func declaredName(in line: String) -> String? {
    let words = line.split(separator: " ")
    guard let index = words.firstIndex(where: isDeclaration) else { return nil }
    guard words[..<index].allSatisfy(isModifier) else { return nil }
    let named = words[index] == "func" ? words[(index + 1)...].first : words[index]
    return named.map { String($0.prefix { $0 != "(" && $0 != "<" }) }
  }

  private static func isDeclaration(_ word: Substring) -> Bool {
    word == "func" || word == "deinit" || word == "subscript" || word.hasPrefix("subscript(")
      || word.hasPrefix("init(") || word.hasPrefix("init?(") || word.hasPrefix("init<")
      || word.hasPrefix("subscript<")
  }

  private static func isModifier(_ word: Substring) -> Bool {
    word.hasPrefix("@") || word.hasSuffix(")") || word.allSatisfy { $0.isLowercase || $0.isUppercase }
  }

  /// The lines to the brace that closes the first one at no depth of parentheses; nil without a body.
  private static func bodyLength(from start: Int, in lines: [String]) -> Int? {
    var (parentheses, braces) = (0, 0)
    for index in start..<lines.count {
      if index > start, braces == 0, parentheses == 0, declaredName(in: lines[index]) != nil { return nil }
      for character in lines[index] {
        switch character {
        case "(", "[": parentheses += 1
        case ")", "]": parentheses -= 1
        case "{" where parentheses == 0 || braces > 0: braces += 1
        case "}" where braces == 0: if parentheses == 0 { return nil }
        case "}":
          braces -= 1
          if braces == 0 { return index - start + 1 }
        default: break
        }
      }
    }
    return nil
  }
}
