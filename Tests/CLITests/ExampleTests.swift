import CLI
import Foundation
import TestSupport
import Testing

/// Command lines shown to people are understood: the examples of help and the commands of README.md.
@Suite struct ExampleTests {
  /// A verb that takes what another takes and does nothing with it.
  private struct Rehearsal: Command {
    let original: any Command
    var name: String { original.name }
    var abstract: String { original.abstract }
    var example: String { original.example }
    var declarations: [any CommandArgument] { original.declarations }

    func run(_ arguments: Arguments, _ console: Console) throws {}
  }

  private static let rehearsals = registeredCommands.map { Rehearsal(original: $0) }

  @Test(arguments: registeredCommands.map(\.name))
  func helpShowsWhatWorks(verb: String) throws {
    let command = try #require(registeredCommands.first { $0.name == verb })
    let lines = Self.commandLines(in: command.example)
    #expect(!lines.isEmpty)
    for line in lines { expectUnderstood(line) }
  }

  @Test(arguments: ["README.md", "Sources/ModelZoo/ModelZoo.docc/TrainingOnPhotographs.md"])
  func textsShowWhatWorks(file: String) throws {
    let lines = Self.commandLines(in: try Self.text(of: file))
    #expect(!lines.isEmpty)
    for line in lines { expectUnderstood(line) }
  }

  private static let articles = "Sources/ModelZoo/ModelZoo.docc/"

  private static func text(of file: String) throws -> String {
    try String(contentsOf: Repository.root.appending(path: file), encoding: .utf8)
  }

  /// README links every article there is, and they list the files they speak of.
  @Test func theReadmeLinksTheArticles() throws {
    let readme = try Self.text(of: "README.md")
    let folder = Repository.root.appending(path: Self.articles).path
    for name in try FileManager.default.contentsOfDirectory(atPath: folder)
    where name.hasSuffix(".md") && name != "ModelZoo.md" {
      #expect(readme.contains("](\(Self.articles)\(name))"), "README.md does not link \(name)")
    }
  }

  @Test func theReadmeIsShort() throws {
    #expect(
      try Self.text(of: "README.md").split(separator: "\n", omittingEmptySubsequences: false).count <= 151)
  }

  /// The tutorials' command lines are in comments beside their code, which the article on them names.
  @Test func theTutorialsShowWhatWorks() throws {
    let article = try Self.text(of: Self.articles + "Tutorials.md")
    let files = [
      "RuralOrUrban", "RuralOrUrbanFlipped", "CatsAndDogs", "CatsAndDogsFromAnInnerLayer", "FourClasses",
    ].map { "Tests/Tutorials/\($0).swift" }
    for file in files {
      let lines = Self.commandLines(in: try Self.text(of: file).replacing("/// ", with: ""))
      #expect(!lines.isEmpty && article.contains("`\(file)`"), "\(file)")
      for line in lines { expectUnderstood(line) }
    }
  }

  @Test func anArticleListsTheExitCodes() throws {
    let article = try Self.text(of: Self.articles + "ExitCodes.md")
    for code in ExitCode.allCases { #expect(article.contains("| \(code.rawValue) | \(code.meaning) |")) }
  }

  @Test func linesAreSplitAsAShellSplitsThem() {
    let text = "text\n$ zoo train --head \"dense(4, softmax)\" \\\n    -o 'my model' | head -3\nzoo list\n"
    #expect(
      Self.commandLines(in: text) == [
        ["train", "--head", "dense(4, softmax)", "-o", "my model"], ["list"],
      ])
  }

  private func expectUnderstood(_ words: [String]) {
    let outcome = Outcome(words, commands: Self.rehearsals)
    #expect(outcome.code == .success, "zoo \(words): \(outcome.errors)")
  }

  /// The words after `zoo` of every line that begins with it, with or without a prompt or a path.
  private static func commandLines(in text: String) -> [[String]] {
    text.replacing("\\\n", with: " ").split(separator: "\n").compactMap { line in
      let words = words(of: line.drop { "$ ".contains($0) })
      guard let tool = words.first, tool == "zoo" || tool.hasSuffix("/zoo") else { return nil }
      return Array(words.dropFirst().prefix { !["|", ">", "&&", "#"].contains($0) })
    }
  }

  private static func words(of line: Substring) -> [String] {
    var words: [String] = []
    var current: String?
    var quote: Character?
    for character in line {
      if character == quote {
        quote = nil
      } else if quote == nil, "\"'".contains(character) {
        quote = character
        current = current ?? ""
      } else if quote == nil, character == " " {
        if let word = current { words.append(word) }
        current = nil
      } else {
        current = (current ?? "") + String(character)
      }
    }
    return words + (current.map { [$0] } ?? [])
  }
}
