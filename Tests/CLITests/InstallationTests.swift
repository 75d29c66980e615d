import CLI
import Files
import Foundation
import TestSupport
import Testing

/// Completions and manual pages say what the verbs declare.
@Suite struct InstallationTests {
  private static let verbs = registeredCommands.map(\.name)

  private func declarations(_ verb: String) throws -> [Declaration] {
    try #require(registeredCommands.first { $0.name == verb }).declarations.map(\.declaration)
  }

  @Test(arguments: ["bash", "zsh", "fish"])
  func everyOptionIsCompleted(shell: String) throws {
    let script = Outcome("completions \(shell)").output
    for command in registeredCommands {
      let start = try #require(
        script.ranges(of: shell == "fish" ? "from \(command.name)'" : "\n    \(command.name))\n").first)
      let part = script[start.lowerBound...]
      for option in command.declarations.map(\.declaration) where option.kind != .argument {
        #expect(
          part.contains(shell == "fish" ? " -l \(option.name) " : option.label),
          "\(command.name) \(option.label)")
        for choice in option.choices { #expect(part.contains(choice)) }
      }
    }
    let wrong = Outcome("completions fsh")
    #expect(wrong.code == .usage && wrong.errors.contains("expected one of bash, zsh, fish"))
  }

  @Test(arguments: verbs)
  func everyOptionHasAPlaceInTheManual(verb: String) throws {
    let page = Outcome("manual \(verb)").output
    #expect(page.hasPrefix(".TH \"ZOO\\-\(verb.uppercased())\" 1 "))
    // Nothing but commands of the language begins with a dot, and no hyphen may become a dash.
    for line in page.split(separator: "\n") where line.hasPrefix(".") {
      #expect([".TH", ".SH", ".SS", ".TP", ".PP", ".nf", ".fi"].contains(line.prefix(3)), "\(line)")
    }
    for option in try declarations(verb) where option.kind != .argument {
      #expect(
        page.contains(
          "\\fB" + (option.short.map { "\\-\($0), " } ?? "") + option.synopsis.replacing("-", with: "\\-")))
    }
    #expect(Outcome("manual").output.contains(".TP\n\\fB\(verb)\\fR\n"))
    #expect(Outcome("manual verbs").output.split(separator: "\n").contains(verb[...]))
  }

  @Test func pathsAreKnownByTheirNames() throws {
    let train = try declarations("train")
    func isPath(_ name: String) -> Bool? { train.first { $0.name == name }?.isPath }
    #expect(isPath("backbone") == true && isPath("data") == true && isPath("output") == true)
    #expect(isPath("epochs") == false && isPath("head") == false)
  }

  /// What `.ci/install` puts into a folder, it takes out again, and nothing else.
  @Test func whatIsInstalledCanBeRemoved() throws {
    try withTemporaryFolder { folder in
      let target = folder.appending(path: "usr/local").path
      func install(_ words: String...) throws -> Int32 {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = [Repository.root.appending(path: ".ci/install").path] + words + [target]
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        return process.terminationStatus
      }
      guard
        FileManager.default.isExecutableFile(
          atPath: Repository.root.appending(path: ".build/release/zoo").path)
      else { return }
      #expect(try install("--remove") == 1)
      for _ in 0..<2 { #expect(try install() == 0) }
      try Data().write(to: folder.appending(path: "usr/local/bin/another"))
      let manual = folder.appending(path: "usr/local/share/man/man1/zoo-train.1")
      #expect(try String(contentsOf: manual, encoding: .utf8).contains("validation\\-split"))
      for path in ["bin/zoo", "share/zsh/site-functions/_zoo", "share/bash-completion/completions/zoo"] {
        #expect(FileManager.default.fileExists(atPath: "\(target)/\(path)"))
      }
      #expect(try install("--remove") == 0)
      let left = FileManager.default.enumerator(atPath: target)?.compactMap { $0 as? String } ?? []
      #expect(left.filter { !FileFacts.isFolder("\(target)/\($0)") } == ["bin/another"])
    }
  }
}
