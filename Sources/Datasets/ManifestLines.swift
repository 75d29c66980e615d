import Encoding
import Foundation

/// Reads a manifest of one JSON object per line.
struct ManifestLines {
  /// What the members are called that count.
  private struct Names {
    let file: String
    var label: String?
    /// Members that are classes, one of which is 1 or true.
    var flags: [String] = []
  }
  private typealias Object = [String: ManifestValue]

  let path: String
  let columns: ManifestColumns

  /// The rows; the first object says what the members are called.
  func contents(of text: String) throws(DatasetError) -> ManifestReader.Contents {
    var contents = ManifestReader.Contents()
    var names: Names?
    try forEachObject(of: text) { (object, number) throws(DatasetError) in
      let chosen: Names
      if let names { chosen = names } else { chosen = try choose(among: object, of: text) }
      if names == nil {
        contents.form = ManifestForm(file: chosen.file, label: chosen.label, columns)
        contents.form.labels += chosen.flags.map(\.escapingBytes)
      }
      names = chosen
      contents.rows.append(try row(object, chosen, number))
    }
    return contents
  }

  private func row(
    _ object: Object, _ names: Names, _ number: Int
  ) throws(DatasetError) -> ManifestReader.Row {
    let file = try value(of: names.file, in: object, number)
    if let problem = ManifestReader.problem(inName: file) {
      throw .malformedManifest(path: path, line: number, detail: problem)
    }
    let label: String? =
      if let name = names.label {
        try value(of: name, in: object, number)
      } else if !names.flags.isEmpty {
        try ManifestReader.marked(
          names.flags.filter { Self.flag(object[$0]) == true }, names.flags, path, number)
      } else {
        nil
      }
    let weight = try columns.weight.map { (name) throws(DatasetError) in
      try ManifestReader.weight(value(of: name, in: object, number), name, path, number)
    }
    return ManifestReader.Row(file: file, label: label?.escapingBytes, weight: weight)
  }

  private func forEachObject(
    of text: String, _ body: (Object, _ number: Int) throws(DatasetError) -> Void
  ) throws(DatasetError) {
    let lines = text.split(omittingEmptySubsequences: false, whereSeparator: Self.endsLine)
    for (number, line) in lines.enumerated() where !line.allSatisfy(\.isWhitespace) {
      try body(object(line, number + 1), number + 1)
    }
  }

  /// As Unix ends lines, Windows, and old systems of Apple; other line breaks may be in a text.
  private static func endsLine(_ character: Character) -> Bool {
    character == "\n" || character == "\r\n" || character == "\r"
  }

  private func object(_ written: Substring, _ number: Int) throws(DatasetError) -> [String: ManifestValue] {
    let line = JSONBytes.unescaped(String(written))
    if let reason = JSONBudget.problem(with: line) {
      throw .malformedManifest(path: path, line: number, detail: reason)
    }
    guard let object = try? JSONDecoder().decode([String: ManifestValue].self, from: Data(line.utf8)) else {
      throw .malformedManifest(path: path, line: number, detail: "expected a JSON object")
    }
    if let reason = Self.contradiction(in: line) {
      throw .malformedManifest(path: path, line: number, detail: reason)
    }
    return object
  }

  /// What is wrong with an object that says two things by one name; nil for any other text.
  static func contradiction(in text: String) -> String? {
    JSONMembers.contradiction(in: text).map {
      "'\($0)' is there twice with different values; expected one, since programs differ in which they take; leave one out"
    }
  }

  private func choose(among object: Object, of text: String) throws(DatasetError) -> Names {
    let keys = object.keys.sorted()
    guard let file = columns.index(ofFile: keys) else {
      throw .missingColumn(path: path, name: columns.file, found: keys)
    }
    var names = Names(file: keys[file])
    guard let label = columns.label else { return names }
    if let index = columns.index(ofLabel: keys) {
      names.label = keys[index]
      return names
    }
    names.flags =
      label == "class"
      ? try flags(among: keys.filter { ![names.file, columns.weight].contains($0) }, text) : []
    guard names.flags.count > 1 else { throw .missingColumn(path: path, name: label, found: keys) }
    return names
  }

  /// The members that have nothing but zeros and ones, or words for them, in every object.
  private func flags(among keys: [String], _ text: String) throws(DatasetError) -> [String] {
    var flags = keys
    try forEachObject(of: text) { (object, _) throws(DatasetError) in
      flags.removeAll { Self.flag(object[$0]) == nil }
    }
    return flags
  }

  private static func flag(_ value: ManifestValue?) -> Bool? {
    guard case .text(let text) = value else { return nil }
    return ManifestLayout.flag(text)
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
enum ManifestValue: Decodable {
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
