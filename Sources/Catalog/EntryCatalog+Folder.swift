import Foundation

extension EntryCatalog {
  /// The catalog in a folder: a folder an entry, each with its `model.json` and, if it has weight sets,
  /// `weights/*.json`.
  package init(folder: String) throws(CatalogError) {
    var files: [String: Source] = [:]
    for name in try Self.contents(of: folder) where !name.hasPrefix(".") {
      let model = "\(folder)/\(name)/\(Self.modelFile)"
      guard FileManager.default.fileExists(atPath: model) else { continue }
      files["\(name)/\(Self.modelFile)"] = .text(try Self.text(of: model))
      let weights = "\(folder)/\(name)/weights"
      guard FileManager.default.fileExists(atPath: weights) else { continue }
      for file in try Self.contents(of: weights) where file.hasSuffix(".json") {
        files["\(name)/weights/\(file)"] = .text(try Self.text(of: "\(weights)/\(file)"))
      }
    }
    guard !files.isEmpty else {
      throw .unreadable(path: folder, reason: "no folder in it holds a \(Self.modelFile)")
    }
    self.init(files: files)
  }

  private static func contents(of folder: String) throws(CatalogError) -> [String] {
    do {
      return try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
    } catch {
      throw .unreadable(path: folder, reason: "no such folder, or no permission")
    }
  }

  /// An entry's text.
  package static func text(of path: String) throws(CatalogError) -> String {
    try text(of: path, upTo: Limits.entryBytes)
  }

  /// The text of an architecture that Keras wrote.
  package static func text(ofArchitecture path: String) throws(CatalogError) -> String {
    try text(of: path, upTo: Limits.architectureBytes)
  }

  /// A file's text, which must be UTF-8 of a sane size.
  private static func text(of path: String, upTo limit: Int) throws(CatalogError) -> String {
    guard let size = try? FileManager.default.attributesOfItem(atPath: path)[.size] as? Int else {
      throw .unreadable(path: path, reason: "no such file")
    }
    guard size <= limit else {
      throw .unreadable(path: path, reason: "\(size) bytes; expected at most \(limit)")
    }
    guard let data = FileManager.default.contents(atPath: path),
      let text = String(bytes: data, encoding: .utf8)
    else { throw .unreadable(path: path, reason: "it is no UTF-8 text") }
    return text
  }
}
