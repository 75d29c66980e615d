import Errors
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
          return Declaration(
            name: String(words[kind + 1]), module: name(of: module.folder), isPublic: words.contains("public")
          )
        }
      }
    }
  }

  /// What the module in a folder is called, which is the folder's name but for those of converters.
  private static func name(of folder: String) -> String {
    switch folder {
    case "converters/Conversion": "WeightConversion"
    case "converters/Keras": "KerasWeights"
    case "converters/Torch": "TorchWeights"
    case "converters/NumPy": "NumPyWeights"
    default: folder.split(separator: "/").last.map(String.init) ?? folder
    }
  }

  @Test func everyErrorIsPublicAndExported() throws {
    let exports = try #require(
      Repository.files(in: "Sources/ModelZoo").first { $0.path.hasSuffix("/Exports.swift") })
    var lines = Set(exports.lines.map(String.init))
    // What a module exports that is exported as a whole is exported, too.
    for module in Rules.modules
    where lines.contains("@_exported public import \(Self.name(of: module.folder))") {
      for file in Repository.files(in: module.folder, extensions: ["swift"]) {
        lines.formUnion(file.lines.filter { $0.hasPrefix("@_exported public import enum ") }.map(String.init))
      }
    }
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
