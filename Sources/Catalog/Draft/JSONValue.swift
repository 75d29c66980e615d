import Encoding
import Foundation

/// Any JSON value: for files whose form varies from one version of their writer to the next.
///
/// True and false are the numbers 1 and 0, as Foundation hands them out.
enum JSONValue: Sendable {
  case null
  case number(Double)
  case text(String)
  case list([JSONValue])
  case object([String: JSONValue])

  /// Reads a text, or gives nil when Python reads no JSON in it, or when it holds more than `JSONBudget` allows.
  init?(json: String) {
    guard JSONBudget.problem(with: json) == nil else { return nil }
    guard let text = PythonJSON.standard(json) else { return nil }
    guard let value = try? JSONSerialization.jsonObject(with: Data(text.utf8)) else { return nil }
    self.init(value)
  }

  private init(_ value: Any) {
    // A number of many digits is decimal here, and its `doubleValue` not always the nearest; its text tells.
    // Collections first: asked whether they are an object of Foundation's, they would be made one, with all that is in them.
    switch value {
    case let object as [String: Any]: self = .object(object.mapValues { JSONValue($0) })
    case let list as [Any]: self = .list(list.map { JSONValue($0) })
    case let text as String: self = PythonJSON.number(of: text).map(JSONValue.number) ?? .text(text)
    case let number as NSDecimalNumber: self = .number(Double(number.stringValue) ?? number.doubleValue)
    case let number as NSNumber: self = .number(number.doubleValue)
    default: self = .null
    }
  }

  subscript(key: String) -> JSONValue? {
    guard case .object(let members) = self, let value = members[key] else { return nil }
    if case .null = value { return nil }
    return value
  }

  var list: [JSONValue]? {
    if case .list(let values) = self { values } else { nil }
  }

  var members: [String: JSONValue]? {
    if case .object(let members) = self { members } else { nil }
  }

  var text: String? {
    if case .text(let text) = self { text } else { nil }
  }

  var flag: Bool? { number.map { $0 != 0 } }

  var number: Double? {
    if case .number(let number) = self { number } else { nil }
  }

  var integer: Int? { number.flatMap { Int(exactly: $0) } }

  /// A list of whole numbers.
  var integers: [Int]? {
    guard let values = list?.map(\.integer), !values.contains(nil) else { return nil }
    return values.compactMap(\.self)
  }

  /// The value as a sentence quotes it, so that `"7"` is no number.
  var quoted: String {
    guard let text else { return words }
    return text.unicodeScalars.count > 60 ? "\"\(String(text.unicodeScalars.prefix(60)))...\"" : "\"\(text)\""
  }

  /// The value in few words, as Keras would show it.
  var words: String {
    switch self {
    case .null: "None"
    case .number(let number):
      number.isFinite ? JSONText.number(number).text : PythonJSON.word(for: number)
    case .text(let text): text
    case .list(let values): "[" + values.map(\.words).joined(separator: ", ") + "]"
    case .object: self["class_name"]?.text ?? "{...}"
    }
  }
}
