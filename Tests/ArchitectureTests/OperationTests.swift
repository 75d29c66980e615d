import TestSupport
import Testing

/// An operation is one file that says what it is and one that says how it runs, each in its registry.
@Suite struct OperationTests {
  @Test func everyOperationIsAFileInBothModulesAndRegistered() throws {
    let declarations = Repository.files(in: "Sources/Catalog/Layers", extensions: ["swift"])
    let lowerings = Repository.files(in: "Sources/Execution/Lowering", extensions: ["swift"])
    let registry = try #require(declarations.first { $0.path.hasSuffix("/LayerOperations.swift") })
    let lowered = try #require(lowerings.first { $0.path.hasSuffix("/Lowered.swift") })
    for file in declarations where file.path != registry.path {
      let name = file.name
      #expect(
        file.codeContains(#"struct \#(name): \w*Operation\b"#), "\(file): declares no \(name)")
      #expect(registry.codeContains(#"\b\#(name)\.self"#), "\(file): \(name) is not in \(registry)")
      #expect(lowered.codeContains(#"\b\#(name)\.self"#), "\(file): \(name) is not in \(lowered)")
      let lowering = lowerings.first { $0.name == name }
      #expect(lowering?.codeContains(#"extension \#(name): Lowered\b"#) == true, "\(name): nothing lowers it")
    }
  }

  /// Operations that heads may have go backwards in a file of their own each, and are registered.
  @Test func everyGradientIsAFileAndRegistered() throws {
    let files = Repository.files(in: "Sources/Training/Gradients", extensions: ["swift"])
    let registry = try #require(files.first { $0.path.hasSuffix("/DifferentiableOperation.swift") })
    let gradients = files.filter { $0.codeContains(#"extension [\w.]+: DifferentiableOperation\b"#) }
    #expect(gradients.count >= 8)
    for file in gradients {
      let name = file.name
      #expect(
        file.codeContains(#"extension (Catalog\.)?\#(name): DifferentiableOperation\b"#),
        "\(file): declares no gradient of \(name)")
      #expect(registry.codeContains(#"\b\#(name)\.self"#), "\(file): \(name) is not in \(registry)")
    }
  }

  @Test func nothingIsDecidedByDefault() {
    let files = ["Sources/Catalog", "Sources/Execution"].flatMap {
      Repository.files(in: $0, extensions: ["swift"])
    }
    let found = Set(files.filter { $0.codeContains(#"(?m)^\s*default:"#) }.map(\.path))
    #expect(found.isSubset(of: Rules.mayHaveDefaults), "\(found.subtracting(Rules.mayHaveDefaults).sorted())")
  }
}

extension SourceFile {
  /// `Conv2D` of `Sources/Catalog/Layers/Conv2D.swift`.
  fileprivate var name: String {
    path.split(separator: "/").last.map { String($0.prefix { $0 != "." }) } ?? ""
  }
}
