import TestSupport
import Testing

@Suite struct CodeRuleTests {
  /// What ships: not the tests.
  private static let shipped =
    Repository.files(in: "Sources", extensions: ["swift"])
    + Repository.files(in: "converters", extensions: ["swift"])

  private static let everything =
    shipped + Repository.files(in: "Tests", extensions: ["swift"])
    + ["Sources", "converters", "zoo"].flatMap { Repository.files(in: $0, extensions: ["c", "h"]) }

  @Test func unsafeCodeStaysWhereItIs() {
    let found = Set(Self.shipped.filter { $0.codeContains(#"\bunsafe\b"#) }.map(\.path))
    let surprises = found.subtracting(Rules.mayBeUnsafe).sorted()
    let stale = Rules.mayBeUnsafe.subtracting(found).sorted()
    #expect(surprises.isEmpty, "unsafe code outside the listed files: \(surprises)")
    #expect(stale.isEmpty, "listed as unsafe, but safe or gone: \(stale)")
  }

  @Test(arguments: [#"\bfatalError\b"#, #"\btry!"#, #"\bas!"#, #"(?<!func |\.)\bprint\("#])
  func shippedCodeNeverSays(pattern: String) {
    for file in Self.shipped where !file.path.hasPrefix("Sources/Benchmarks") {
      #expect(!file.codeContains(pattern), "\(file): \(pattern)")
    }
  }

  /// The library speaks of values; how they are given on a command line is the command line's to know.
  @Test func onlyTheToolsNameOptions() {
    for file in Self.shipped where !Rules.mayNameOptions.contains(where: file.path.hasPrefix) {
      let found = file.strings.filter { $0.range(of: "--[a-z]", options: .regularExpression) != nil }
      #expect(found.isEmpty, "\(file): \(found)")
    }
  }

  /// A test that any error passes would pass for the wrong reason.
  @Test func testsNameTheErrorTheyExpect() {
    for file in Repository.files(in: "Tests", extensions: ["swift"]) {
      #expect(!file.codeContains(#"throws: \(any Error\)\.self"#), "\(file)")
    }
  }

  /// What to type is the command line's to know, too: the library says in words what to do.
  @Test func onlyTheToolsNameVerbs() throws {
    let verbs = Repository.files(in: "Sources/CLI/Verbs", extensions: ["swift"]).flatMap { file in
      file.text.matches(of: #/\n  let name = "([a-z]+)"/#).map { String($0.output.1) }
    }
    #expect(verbs.count > 10 && Set(verbs).isSuperset(of: ["convert", "features", "train", "predict"]))
    let pattern = "\\bzoo (\(verbs.joined(separator: "|")))\\b"
    for file in Self.shipped where !Rules.mayNameOptions.contains(where: file.path.hasPrefix) {
      let found = file.strings.filter { $0.range(of: pattern, options: .regularExpression) != nil }
      #expect(found.isEmpty, "\(file): \(found)")
    }
  }

  @Test func nothingIsLeftForLater() {
    let marks = ["TO" + "DO", "FIX" + "ME", "X" + "XX"]
    for file in Self.everything {
      let found = marks.filter(file.text.contains)
      #expect(found.isEmpty, "\(file)")
    }
  }

  @Test func filesAreShort() {
    for file in Self.everything where !Rules.tables.contains(file.path) {
      #expect(file.lineCount <= Rules.longestFile, "\(file): \(file.lineCount) lines")
    }
    #expect(median(Self.shipped.map(\.lineCount)) <= Rules.medianFile)
  }

  @Test func functionsAreShort() {
    for file in Self.everything where file.path.hasSuffix(".swift") {
      for function in file.functionLengths() {
        let isShort = function.lines <= Rules.longestFunction
        #expect(isShort, "\(file):\(function.line): \(function.name) has \(function.lines) lines")
      }
    }
    #expect(median(Self.shipped.flatMap { $0.functionLengths().map(\.lines) }) <= Rules.medianFunction)
  }

  @Test func everyVerbIsAFileOfItsOwnAndRegistered() throws {
    let files = Repository.files(in: "Sources/CLI", extensions: ["swift"])
    let registry = try #require(files.first { $0.path.hasSuffix("/Registry.swift") })
    for file in files where file.path.hasSuffix("Command.swift") && !file.path.contains("Framework/") {
      let type = String(file.path.split(separator: "/").last?.dropLast(".swift".count) ?? "")
      #expect(file.codeContains(#"struct \#(type)\b"#), "\(file): declares no \(type)")
      #expect(registry.codeContains(#"\b\#(type)\("#), "\(file): \(type) is not in Registry.swift")
    }
  }

  private func median(_ numbers: [Int]) -> Int {
    numbers.isEmpty ? 0 : numbers.sorted()[numbers.count / 2]
  }
}
