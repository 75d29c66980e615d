import Encoding
import Files
import Foundation

extension EntryCatalog {
  /// The catalog in a folder: a folder an entry, each with its `model.json` and, if it has weight sets,
  /// `weights/*.json`.
  package init(folder: String) throws(CatalogError) {
    var files: [String: Source] = [:]
    var paths: [String] = []
    func read(_ path: String, as name: String) throws(CatalogError) {
      files[name] = .text(try Self.text(of: path))
      paths.append(path)
    }
    for name in try Self.contents(of: folder) where !name.hasPrefix(".") {
      let model = "\(folder)/\(name)/\(Self.modelFile)"
      guard FileManager.default.fileExists(atPath: model) else { continue }
      try read(model, as: "\(name)/\(Self.modelFile)")
      let weights = "\(folder)/\(name)/weights"
      guard FileManager.default.fileExists(atPath: weights) else { continue }
      for file in try Self.contents(of: weights) where file.hasSuffix(".json") {
        try read("\(weights)/\(file)", as: "\(name)/weights/\(file)")
      }
    }
    guard !files.isEmpty else {
      throw .unreadable(path: folder, reason: "no folder in it holds a \(Self.modelFile)")
    }
    self.init(files: files, readPaths: paths)
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
    try text(of: path, expected: "the JSON of a catalog entry", upTo: Limits.entryBytes)
  }

  /// The text of an architecture that Keras wrote.
  package static func text(ofArchitecture path: String) throws(CatalogError) -> String {
    try text(of: path, expected: "what Keras's model.to_json() writes", upTo: Limits.architectureBytes)
  }

  /// The text of a list of names, a line each.
  package static func text(ofNames path: String) throws(CatalogError) -> String {
    try text(of: path, expected: "names of classes as UTF-8 text, a line each", upTo: Limits.entryBytes)
  }

  /// A regular file's text, which must be UTF-8 of a sane size; anything else is refused without waiting for it.
  private static func text(
    of path: String, expected: String, upTo limit: Int
  ) throws(CatalogError) -> String {
    let (facts, byteCount, bytes): (FileFacts, Int, [UInt8])
    do throws(FileError) {
      let file = try FileBytes(path: path)
      (byteCount, bytes) = (file.byteCount, try file.head(limit))
      facts = try FileFacts(path: path)
    } catch {
      guard case .unreadable(let path, let reason) = error else {
        throw .unreadable(path: path, reason: error.description)
      }
      throw .unreadable(path: path, reason: reason)
    }
    guard facts.kind.isText else {
      throw .anotherFile(path: path, expected: expected, found: facts.kind.words)
    }
    guard byteCount <= limit else {
      throw .anotherFile(
        path: path, expected: "\(expected), \(limit.grouped) bytes at most",
        found: "\(byteCount.grouped)")
    }
    guard let text = String(bytes: bytes, encoding: .utf8) else {
      throw .anotherFile(path: path, expected: "\(expected), in UTF-8", found: "other bytes")
    }
    return text
  }
}
