import Encoding

/// What stands between the fields of a line of a manifest.
public struct FieldSeparator: Hashable, Sendable {
  let byte: UInt8

  private init(ascii scalar: Unicode.Scalar) { byte = UInt8(ascii: scalar) }

  /// A comma.
  public static let comma = FieldSeparator(ascii: ",")
  /// A semicolon, as spreadsheets write where a comma is the decimal point.
  public static let semicolon = FieldSeparator(ascii: ";")
  /// A tab.
  public static let tab = FieldSeparator(ascii: "\t")
  private static let bar = FieldSeparator(ascii: "|")

  /// The separator that a person writes: one character of ASCII that is neither a letter, a digit nor a quotation mark, or the word
  /// `tab`; nil for any other text.
  public init?(_ text: String) {
    guard text.lowercased() != "tab", text != "\\t" else {
      self = .tab
      return
    }
    guard text.utf8.count == 1, let scalar = text.unicodeScalars.first, scalar.isASCII else { return nil }
    let character = Character(scalar)
    let isReserved = ["\"", "\r", "\n", "\0"].contains(scalar)
    guard !character.isLetter, !character.isNumber, !isReserved else { return nil }
    self.init(ascii: scalar)
  }

  /// What people call several of them.
  var words: String {
    switch self {
    case .comma: "commas"
    case .semicolon: "semicolons"
    case .tab: "tabs"
    default: "'\(Character(Unicode.Scalar(byte)))'"
    }
  }
}

extension FieldSeparator {
  /// The separator of a text by its first lines: the one with which they have the columns that are asked for, the same number of
  /// fields, and a name of an image; of several as good ones the usual one.
  ///
  /// What stands in quotation marks is never taken for a separator, nor is a decimal comma: the line of names has none.
  static func found(in text: String, usual: FieldSeparator, columns: ManifestColumns) -> FieldSeparator {
    let others = [comma, semicolon, tab, bar].filter { $0 != usual }
    let scores = ([usual] + others).map { ($0, $0.fitness(text, columns)) }
    let best = scores.reduce(scores[0]) { $1.1 > $0.1 ? $1 : $0 }
    return best.0
  }

  private func fitness(_ text: String, _ columns: ManifestColumns) -> Int {
    guard
      let records = try? DelimitedText.records(of: text, delimiter: byte, atMost: Self.sampleCount),
      let first = records.first
    else { return 0 }
    let wanted = [columns.index(ofFile: first.fields), columns.index(ofLabel: first.fields)]
    let isRegular = first.fields.count > 1 && Set(records.dropFirst().map(\.fields.count)).count <= 1
    let hasImage = records.contains { $0.fields.contains(where: Dataset.isImage) }
    return 4 * wanted.count { $0 != nil } + (isRegular ? 2 : 0) + (hasImage ? 1 : 0)
  }

  private static let sampleCount = 40
}
