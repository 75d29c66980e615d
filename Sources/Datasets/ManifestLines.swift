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
    for (number, line) in text.split(omittingEmptySubsequences: false, whereSeparator: Self.endsLine)
      .enumerated()
    where !line.allSatisfy(\.isWhitespace) {
      let object = try object(line, number + 1)
      let chosen: Names
      if let names { chosen = names } else { chosen = try choose(among: object.keys.sorted()) }
      if names == nil { contents.form = ManifestForm(file: chosen.file, label: chosen.label, columns) }
      names = chosen
      let file = try value(of: chosen.file, in: object, number + 1)
      if let problem = ManifestReader.problem(inName: file) {
        throw .malformedManifest(path: path, line: number + 1, detail: problem)
      }
      contents.rows.append(
        ManifestReader.Row(
          file: file,
          label: try chosen.label.map { (name) throws(DatasetError) in
            try value(of: name, in: object, number + 1).escapingBytes
          },
          weight: try columns.weight.map { (name) throws(DatasetError) in
            try ManifestReader.weight(value(of: name, in: object, number + 1), name, path, number + 1)
          }))
    }
    return contents
  }

  /// As Unix ends lines, Windows, and old systems of Apple; other line breaks may be in a text.
  private static func endsLine(_ character: Character) -> Bool {
    character == "\n" || character == "\r\n" || character == "\r"
  }

  private func object(_ line: Substring, _ number: Int) throws(DatasetError) -> [String: ManifestValue] {
    if let reason = JSONBudget.problem(with: String(line)) {
      throw .malformedManifest(path: path, line: number, detail: reason)
    }
    guard let object = try? JSONDecoder().decode([String: ManifestValue].self, from: Data(line.utf8)) else {
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

  private func value(
    of name: String, in object: [String: ManifestValue], _ line: Int
  ) throws(DatasetError) -> String {
    switch object[name] {
    case .text(let text) where !text.isEmpty: return text
    case .text:
      throw .malformedManifest(
        path: path, line: line, detail: "expected a value for '\(name)', found nothing")
    case .list:
      throw .malformedManifest(
        path: path, line: line, detail: "'\(name)' has several values; an image has one class here")
    case nil where line == 1: throw .missingColumn(path: path, name: name, found: object.keys.sorted())
    case .other, nil:
      throw .malformedManifest(path: path, line: line, detail: "expected text or a number for '\(name)'")
    }
  }
}

/// A member of a JSON object: what may name a file or a class, as text.
private enum ManifestValue: Decodable {
  /// A string, a number or a truth value.
  case text(String)
  case list
  case other

  init(from decoder: any Decoder) throws {
    guard let value = try? decoder.singleValueContainer(), !value.decodeNil() else {
      self = .other
      return
    }
    if let text = try? value.decode(String.self) {
      self = .text(text)
    } else if let flag = try? value.decode(Bool.self) {
      self = .text(String(flag))
    } else if let number = try? value.decode(Int.self) {
      self = .text(String(number))
    } else if let number = try? value.decode(Double.self) {
      self = .text(String(number))
    } else {
      self = (try? decoder.unkeyedContainer()) == nil ? .other : .list
    }
  }
}
