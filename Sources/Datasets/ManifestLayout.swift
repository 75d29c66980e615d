import Encoding
import Foundation

/// Where in the records of a manifest the image, its class and its weight are.
struct ManifestLayout {
  /// Where the class of a row is.
  enum Label {
    case column(Int)
    /// Of columns named as classes, the one in which a 1 stands among zeros.
    case oneOf([Int])
  }

  /// The names of the columns; their numbers, from 1, in a manifest without a line of names.
  let names: [String]
  let hasNames: Bool
  let file: Int
  let label: Label?
  let weight: Int?

  /// Finds the columns.
  ///
  /// - Parameters:
  ///   - columns: what is asked for. In a manifest without a line of names, the column of files is the one that has the name of
  ///     an image, and the column of classes the other one of two.
  ///   - records: those of the whole manifest.
  ///   - path: the manifest.
  init(_ columns: ManifestColumns, in records: [DelimitedText.Record], of path: String) throws(DatasetError) {
    let first = records.first?.fields ?? []
    let isNamed = columns.index(ofFile: first) != nil
    let images = first.indices.filter { Dataset.isImage(first[$0]) }
    hasNames = isNamed || images.isEmpty && Int(columns.file) == nil
    names = hasNames ? first : first.indices.map { "\($0 + 1)" }
    let (found, isHeaded) = (names, hasNames)
    let usualFile = hasNames || columns.file != "filename" ? nil : images.first
    guard let file = columns.index(ofFile: names) ?? usualFile else {
      throw .missingColumn(path: path, name: columns.file, found: found)
    }
    self.file = file
    weight = try columns.weight.map { (name) throws(DatasetError) in
      guard let index = ManifestColumns.place(of: name, in: found) else {
        throw .missingColumn(path: path, name: name, found: found)
      }
      return index
    }
    let taken = [file, weight]
    let others = found.indices.filter { !taken.contains($0) }
    label = try columns.label.map { (name) throws(DatasetError) in
      if let index = columns.index(ofLabel: found) { return .column(index) }
      if !isHeaded, name == "class", others.count == 1 { return .column(others[0]) }
      let classes = others.filter { !Self.isNumbering(found[$0]) }
      let flags = name == "class" && isHeaded ? Self.flags(among: classes, records.dropFirst()) : []
      guard flags.count > 1 else { throw .missingColumn(path: path, name: name, found: found) }
      return .oneOf(flags)
    }
  }

  /// Whether a column has the numbers of the rows, as pandas and R write them under no name, and pandas reads that name.
  private static func isNumbering(_ name: String) -> Bool { name.isEmpty || name.hasPrefix("Unnamed: ") }

  /// The columns that have nothing but zeros and ones, or words for them, of which there are some.
  private static func flags(among columns: [Int], _ records: ArraySlice<DelimitedText.Record>) -> [Int] {
    var flags = columns
    for record in records {
      flags.removeAll { !record.fields.indices.contains($0) || flag(record.fields[$0]) == nil }
      if flags.isEmpty { break }
    }
    return records.isEmpty ? [] : flags
  }

  /// Whether a field is a 1 and not a 0, or a word for either; nil for anything else.
  static func flag(_ field: String) -> Bool? {
    let word = field.trimmingCharacters(in: .whitespaces).lowercased()
    // A decimal comma is one, and 1 and 0 have nothing to group.
    switch Float(word.replacing(",", with: ".")) {
    case 0: return false
    case 1: return true
    case .some: return nil
    case nil:
      return [
        "false": false, "no": false, "f": false, "n": false, "true": true, "yes": true, "t": true, "y": true,
      ][word]
    }
  }
}
