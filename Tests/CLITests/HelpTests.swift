import CLI
import Foundation
import TestSupport
import Testing

@Suite struct HelpTests {
  /// Every page of help is a file under `Tests/Fixtures/cli`; `UPDATE_GOLDEN=1` writes them anew.
  @Test(arguments: ["overview", "exit-codes"] + registeredCommands.map(\.name))
  func pagesAreAsReviewed(page: String) throws {
    try expectGolden(Outcome(page == "overview" ? "help" : "help \(page)").output, "cli/help-\(page).txt")
  }

  /// Verbs with many options explain the few that matter, and all of them when asked.
  @Test(arguments: registeredCommands.filter { !$0.groups.isEmpty }.map(\.name))
  func fullPagesAreAsReviewed(verb: String) throws {
    try expectGolden(Outcome("\(verb) --help-all").output, "cli/help-\(verb)-all.txt")
  }

  @Test(arguments: registeredCommands.map(\.name))
  func whatMattersIsFewAndDeclared(verb: String) throws {
    let command = try #require(registeredCommands.first { $0.name == verb })
    let options = command.declarations.map(\.declaration).filter { $0.kind != .argument }
    guard !command.groups.isEmpty else {
      #expect(options.count <= 15 && command.essentials.isEmpty)
      return
    }
    #expect(command.essentials.count <= 10)
    #expect(Set(command.essentials).isSubset(of: options.map(\.name)))
    #expect(Set(options.filter(\.isRequired).map(\.name)).isSubset(of: command.essentials))
    // Every option is in a group, and in one alone.
    let grouped = command.groups.flatMap(\.declarations).map(\.declaration.label)
    #expect(grouped.sorted() == options.map(\.label).sorted())
    let page = Outcome("help \(verb)").output
    for option in options { #expect(page.contains(option.label)) }
  }

  @Test func everyKindOfArgumentIsExplained() throws {
    try expectGolden(Outcome("help sample", commands: [SampleCommand()]).output, "cli/help-sample.txt")
  }

  @Test(arguments: [("--help", "help"), ("-h", "help"), ("", "help")])
  func overviewInEverySpelling(line: String, same: String) {
    #expect(Outcome(line).output == Outcome(same).output)
    #expect(Outcome(line).code == .success)
  }

  @Test(arguments: registeredCommands.map(\.name))
  func everyVerbExplainsItself(verb: String) {
    let page = Outcome("help \(verb)")
    #expect(Outcome("\(verb) --help").output == page.output)
    #expect(Outcome("\(verb) whatever --nonsense -h").output == page.output)
    #expect(page.output.contains("EXAMPLE\n  zoo \(verb)"))
    #expect(page.code == .success)
    #expect(page.output.split(separator: "\n").allSatisfy { $0.count <= 100 })
  }

  @Test func versionIsOneLine() { #expect(Outcome("--version").output == "zoo 1.2.3\n") }

  @Test(arguments: registeredCommands.map(\.name))
  func declarationsMakeSense(verb: String) throws {
    let command = try #require(registeredCommands.first { $0.name == verb })
    let declarations = command.declarations.map(\.declaration)
    #expect(Set(declarations.map(\.label)).count == declarations.count)
    let shorts = declarations.compactMap(\.short) + ["q", "h"]
    #expect(Set(shorts).count == shorts.count)
    let arguments = declarations.filter { $0.kind == .argument }
    #expect(!arguments.dropLast().contains { $0.isRepeatable || !$0.isRequired })
    #expect(command.abstract.first?.isLowercase == true && !command.abstract.hasSuffix("."))
  }
}
