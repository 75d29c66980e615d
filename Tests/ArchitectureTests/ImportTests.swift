import TestSupport
import Testing

@Suite struct ImportTests {
  @Test(arguments: Rules.modules.map(\.folder))
  func modulesSeeOnlyWhatTheyMay(folder: String) throws {
    let module = try #require(Rules.modules.first { $0.folder == folder })
    let files = Repository.files(in: folder, extensions: ["swift"])
    #expect(!files.isEmpty)
    for file in files {
      let allowed = module.mayImport.union(Rules.language)
      let forbidden = Set(file.imports).subtracting(allowed)
      #expect(forbidden.isEmpty, "\(file): imports \(forbidden.sorted())")
    }
  }

  @Test func everySwiftFileBelongsToAModule() {
    let folders = Rules.modules.map { $0.folder + "/" }
    for file in Repository.files(extensions: ["swift"]) where !file.path.hasPrefix("Tests/") {
      let isKnown = file.path == "Package.swift" || folders.contains { file.path.hasPrefix($0) }
      #expect(isKnown, "\(file): its folder is in no rule")
    }
  }

  @Test(arguments: Rules.machineFree) func dataflowKnowsNoMachine(folder: String) {
    let files = Repository.files(in: folder, extensions: ["swift"])
    #expect(!files.isEmpty)
    for file in files { #expect(!file.imports.contains("Kernels"), "\(file)") }
  }

  @Test func thePlanKnowsNoJSON() {
    for file in Repository.files(in: "Sources/Execution", extensions: ["swift"]) {
      #expect(!file.codeContains("JSON"), "\(file)")
    }
  }

  @Test func nothingNamesANetwork() {
    // Articles are for people, who do; one C file is written from the catalog.
    for file in Repository.files(in: "Sources")
    where !file.path.contains(".docc/") && !file.path.hasPrefix("Sources/CCatalog/") {
      let text = file.text.lowercased()
      let named = Rules.modelNames.filter(text.contains)
      #expect(named.isEmpty, "\(file)")
    }
  }

  @Test func thePackageDependsOnNobody() throws {
    let manifest = try #require(Repository.files(extensions: ["swift"]).first { $0.path == "Package.swift" })
    #expect(!manifest.codeContains(#"\.package\("#))
    #expect(!manifest.codeContains("unsafeFlags"))
  }

  @Test func importsAreFoundHoweverTheyAreWritten() {
    let file = SourceFile(
      path: "",
      text: """
        import A
        package import B
        @preconcurrency public import C.D
        import struct E.F
        // import G
        let text = "import H"
        """)
    #expect(file.imports == ["A", "B", "C", "E"])
  }
}
