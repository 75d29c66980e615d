import TestSupport
import Testing

/// Whoever imports the library alone can catch, by its type, everything it throws.
@Suite struct ErrorTests {
  private struct Declaration {
    let name: String
    let module: String
    let isPublic: Bool
  }

  /// The errors of the library's modules.
  private static var declarations: [Declaration] {
    let modules = Rules.modules.filter { !["Sources/CLI", "Sources/Benchmarks"].contains($0.folder) }
    return modules.flatMap { module in
      Repository.files(in: module.folder, extensions: ["swift"]).flatMap { file in
        file.code.split(separator: "\n").compactMap { line -> Declaration? in
          let words = line.split { " :,{".contains($0) }
          guard let kind = words.firstIndex(where: { ["enum", "struct", "class"].contains($0) }),
            words.dropFirst(kind + 2).contains("ZooError")
          else { return nil }
          let name = module.folder.split(separator: "/").last ?? ""
          return Declaration(
            name: String(words[kind + 1]), module: String(name), isPublic: words.contains("public"))
        }
      }
    }
  }

  @Test func everyErrorIsPublicAndExported() throws {
    let exports = try #require(
      Repository.files(in: "Sources/ModelZoo").first { $0.path.hasSuffix("/Exports.swift") })
    let lines = Set(exports.lines.map(String.init))
    let errors = Self.declarations
    #expect(errors.count >= 12)
    for error in errors {
      #expect(error.isPublic, "\(error.module).\(error.name) is not public")
      let isExported =
        error.module == "ModelZoo" || lines.contains("@_exported public import \(error.module)")
        || lines.contains("@_exported public import enum \(error.module).\(error.name)")
      #expect(isExported, "\(error.module).\(error.name) is not exported")
    }
  }
}
