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

  @Test func everyKindOfParameterIsExplained() throws {
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
    let declarations = command.parameters.map(\.declaration)
    #expect(Set(declarations.map(\.label)).count == declarations.count)
    let shorts = declarations.compactMap(\.short) + ["q", "h"]
    #expect(Set(shorts).count == shorts.count)
    let arguments = declarations.filter { $0.kind == .argument }
    #expect(!arguments.dropLast().contains { $0.isRepeatable || !$0.isRequired })
    #expect(command.abstract.first?.isLowercase == true && !command.abstract.hasSuffix("."))
  }

  private func expectGolden(_ text: String, _ fixture: String) throws {
    let path = Repository.fixture(fixture)
    if Repository.updatesGoldenFiles { try text.write(toFile: path, atomically: true, encoding: .utf8) }
    #expect(try String(contentsOfFile: path, encoding: .utf8) == text)
  }
}
