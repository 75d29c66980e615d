import Foundation
import TestSupport

/// A file of the repository, as its text and as code alone.
struct SourceFile: Sendable, CustomStringConvertible {
  /// From the repository's top: `Sources/Tensors/TensorShape.swift`.
  let path: String
  let text: String

  var lines: [Substring] { text.split(separator: "\n", omittingEmptySubsequences: false) }

  /// The lines there are, without the empty one after the last line end.
  var lineCount: Int { lines.count - (text.hasSuffix("\n") ? 1 : 0) }

  /// The text with comments and the insides of strings made blank, line for line.
  var code: String { CodeLexer.code(of: text) }

  /// What stands in its strings, interpolations left out.
  var strings: [String] { CodeLexer.strings(of: text) }

  var description: String { path }

  /// Whether a word stands in the code, not in a comment or a string.
  func codeContains(_ pattern: String) -> Bool {
    code.range(of: pattern, options: .regularExpression) != nil
  }

  /// The modules imported, however the line begins.
  var imports: [String] {
    code.split(separator: "\n").compactMap { line in
      let words = line.split(separator: " ")
      guard let keyword = words.firstIndex(of: "import"), keyword + 1 < words.count else { return nil }
      guard words[..<keyword].allSatisfy({ $0.hasPrefix("@") || Self.accessLevels.contains(String($0)) })
      else {
        return nil
      }
      let kinds: Set<Substring> = ["struct", "class", "enum", "protocol", "func", "var", "let", "typealias"]
      let name = kinds.contains(words[keyword + 1]) ? words[(keyword + 2)...].first : words[keyword + 1]
      return name.map { String($0.prefix { $0 != "." }) }
    }
  }

  private static let accessLevels: Set<String> = ["public", "package", "internal", "fileprivate", "private"]
}

extension Repository {
  /// All files below `folder` whose names end in one of `extensions` (all, when there is none).
  static func files(in folder: String = "", extensions: Set<String> = []) -> [SourceFile] {
    let start = root.appending(path: folder).standardizedFileURL
    guard let walk = FileManager.default.enumerator(at: start, includingPropertiesForKeys: nil) else {
      return []
    }
    var result: [SourceFile] = []
    for case let url as URL in walk {
      if isKeptByTools(url.lastPathComponent) {
        walk.skipDescendants()
        continue
      }
      guard extensions.isEmpty || extensions.contains(url.pathExtension) else { continue }
      guard let data = FileManager.default.contents(atPath: url.path) else { continue }
      let path = String(url.standardizedFileURL.path.dropFirst(root.standardizedFileURL.path.count + 1))
      result.append(SourceFile(path: path, text: String(decoding: data, as: UTF8.self)))
    }
    return result.sorted { $0.path < $1.path }
  }

  /// What version control, the build and editors put beside our files.
  static func isKeptByTools(_ name: String) -> Bool {
    name == ".git" || name.hasPrefix(".build") || [".swiftpm", ".DS_Store", "__pycache__"].contains(name)
      || name == "Package.resolved" || name == ".vscode"
  }
}
