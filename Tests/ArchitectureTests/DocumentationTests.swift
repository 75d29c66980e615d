import Foundation
import TestSupport
import Testing

/// Whoever uses the library finds a sentence at everything that is public.
@Suite struct DocumentationTests {
  /// The lines of public declarations that no doc comment stands above: modifiers, members of public enums and protocols.
  private static func undocumented(in file: SourceFile) -> [String] {
    let (lines, code) = (file.lines, file.code.split(separator: "\n", omittingEmptySubsequences: false))
    var (depth, bodies): (Int, [(depth: Int, kind: String)]) = (0, [])
    var found: [String] = []
    for (index, line) in code.enumerated() {
      let words = line.split { " (:{<".contains($0) }.map(String.init).filter { !$0.hasPrefix("@") }
      let isMember = bodies.last.map { $0.depth == depth && Self.begins(words, memberOf: $0.kind) } ?? false
      let isPublic = words.first == "public" && words.dropFirst().first != "import"
      if isMember || isPublic, !isDocumented(index, lines) { found.append("\(file):\(index + 1): \(line)") }
      let before = depth
      depth += line.count { $0 == "{" } - line.count { $0 == "}" }
      while let body = bodies.last, depth < body.depth { bodies.removeLast() }
      if isPublic, depth > before, let kind = words.first(where: { ["enum", "protocol"].contains($0) }) {
        bodies.append((depth, kind))
      }
    }
    return found
  }

  private static func begins(_ words: [String], memberOf kind: String) -> Bool {
    let first = words.first { !["indirect", "mutating", "static"].contains($0) } ?? ""
    return kind == "enum" ? first == "case" : ["func", "var", "init", "subscript"].contains(first)
  }

  /// Whether a doc comment ends above a line, attributes and other comments between them.
  private static func isDocumented(_ index: Int, _ lines: [Substring]) -> Bool {
    let above = lines[..<index].reversed().lazy.map { $0.trimmingCharacters(in: .whitespaces) }
    let nearest = above.first { !$0.hasPrefix("@") && !($0.hasPrefix("//") && !$0.hasPrefix("///")) }
    return nearest?.hasPrefix("///") ?? false
  }

  /// The lines of public functions that may throw anything, as far as their type says, and whose doc comment does not say
  /// what that is.
  private static func throwingSilently(in file: SourceFile) -> [String] {
    let (lines, code) = (file.lines, file.code.split(separator: "\n", omittingEmptySubsequences: false))
    return code.indices.filter { index in
      let words = code[index].split { " (".contains($0) }
      guard words.first == "public", words.contains("func") || words.contains("init") else { return false }
      guard Self.signature(code[index...]).firstMatch(of: /\) +(async +)?throws *(->|$)/) != nil else {
        return false
      }
      let comment = lines[..<index].reversed().lazy.map { $0.trimmingCharacters(in: .whitespaces) }
        .prefix { $0.hasPrefix("//") || $0.hasPrefix("@") }
      return !comment.contains { $0.contains("- Throws:") || $0.contains("throws") }
    }.map { "\(file):\($0 + 1): \(code[$0])" }
  }

  /// A declaration up to its body, with nothing in its parentheses.
  private static func signature(_ lines: ArraySlice<Substring>) -> String {
    var (text, depth) = ("", 0)
    for character in lines.prefix(12).joined(separator: " ") {
      if character == ")" { depth -= 1 }
      if depth == 0 {
        if character == "{" { break }
        text.append(character)
      }
      if character == "(" { depth += 1 }
    }
    return text
  }

  private static var libraryFiles: [SourceFile] {
    let programs: Set<String> = ["Sources/CLI", "Sources/Benchmarks"]
    return Rules.modules.filter { !programs.contains($0.folder) }.flatMap {
      Repository.files(in: $0.folder, extensions: ["swift"])
    }
  }

  @Test func everythingPublicIsDocumented() {
    for place in Self.libraryFiles.flatMap(Self.undocumented) { Issue.record("\(place)") }
  }

  @Test func whateverIsThrownIsSaid() {
    for place in Self.libraryFiles.flatMap(Self.throwingSilently) { Issue.record("\(place)") }
  }

  @Test func whatIsThrownSilentlyIsFound() {
    let file = SourceFile(
      path: "a",
      text: """
        /// Yes.
        ///
        /// - Throws: `E`.
        public func a() throws {}
        /// No.
        public func b(
          _ c: Int
        ) async throws -> Int { c }
        /// The type says it.
        public func d() throws(E) {}
        /// Does not throw.
        public func e(_ body: () throws -> Void = {}) -> Int { 1 }
        """)
    #expect(Self.throwingSilently(in: file) == ["a:6: public func b("])
  }

  @Test func whatIsMissingIsFound() {
    let file = SourceFile(
      path: "a",
      text: """
        /// Yes.
        public enum A {
          /// Yes.
          case a
          case b
          /// Yes.
          @discardableResult
          // Why.
          public func f() { switch 1 { case 1: break } }
          public var g: Int { 1 }
        }
        package enum B { case a }
        public import C
        public struct D {}
        """)
    #expect(
      Self.undocumented(in: file) == [
        "a:5:   case b", "a:10:   public var g: Int { 1 }", "a:14: public struct D {}",
      ])
  }
}
