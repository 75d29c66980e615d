import Encoding
import Foundation

/// Reads a manifest of one JSON object per line.
struct ManifestLines {
  private typealias Names = (file: String, label: String?)

  let path: String
  let columns: ManifestColumns

  /// The rows; the first object says what the members are called.
  func contents(of text: String) throws(DatasetError) -> ManifestReader.Contents {
    var contents = ManifestReader.Contents()
    var names: Names?
    for (number, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
    where !line.allSatisfy(\.isWhitespace) {
      let object = try object(line, number + 1)
      let chosen: Names
      if let names { chosen = names } else { chosen = try choose(among: object.keys.sorted()) }
      if names == nil { contents.form = ManifestForm(file: chosen.file, label: chosen.label, columns) }
      names = chosen
      contents.rows.append(
        ManifestReader.Row(
          file: try value(of: chosen.file, in: object, number + 1),
          label: try chosen.label.map { (name) throws(DatasetError) in
            try value(of: name, in: object, number + 1).escapingBytes
          },
          weight: try columns.weight.map { (name) throws(DatasetError) in
            try ManifestReader.weight(value(of: name, in: object, number + 1), name, path, number + 1)
          }))
    }
    return contents
  }

  private func object(_ line: Substring, _ number: Int) throws(DatasetError) -> [String: Any] {
    if let reason = JSONBudget.problem(with: String(line)) {
      throw .malformedManifest(path: path, line: number, detail: reason)
    }
    guard let object = try? JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any] else {
      throw .malformedManifest(path: path, line: number, detail: "expected a JSON object")
    }
    return object
  }

  private func choose(among keys: [String]) throws(DatasetError) -> Names {
    guard let file = columns.index(ofFile: keys) else {
      throw .missingColumn(path: path, name: columns.file, found: keys)
    }
    let label = try columns.label.map { (name) throws(DatasetError) in
      guard let index = columns.index(ofLabel: keys) else {
        throw .missingColumn(path: path, name: name, found: keys)
      }
      return keys[index]
    }
    return (keys[file], label)
  }

  private func value(of name: String, in object: [String: Any], _ line: Int) throws(DatasetError) -> String {
    switch object[name] {
    case let text as String:
      guard !text.isEmpty else {
        throw .malformedManifest(
          path: path, line: line, detail: "expected a value for '\(name)', found nothing")
      }
      return text
    case let number as NSNumber where !(object[name] is Bool): return number.stringValue
    case is [Any]:
      throw .malformedManifest(
        path: path, line: line, detail: "'\(name)' has several values; an image has one class here")
    case nil where line == 1: throw .missingColumn(path: path, name: name, found: object.keys.sorted())
    default:
      throw .malformedManifest(path: path, line: line, detail: "expected text for '\(name)'")
    }
  }
}
