import Foundation

/// What a `DecodingError` says, in words for whoever wrote the JSON.
package struct DecodingProblem {
  /// Where it is; empty for the whole text.
  package let path: [any CodingKey]
  /// What is wrong there: `the key "mean" is missing`, `divisor: expected a number, found a string`.
  package let text: String

  /// - Parameter json: the text that was decoded.
  package init(_ error: DecodingError, in json: String) {
    switch error {
    case .keyNotFound(let key, let context):
      (path, text) = (context.codingPath, "the key \"\(key.stringValue)\" is missing")
    case .typeMismatch(let type, let context), .valueNotFound(let type, let context):
      let name = context.codingPath.last?.stringValue ?? "the value"
      let found = context.debugDescription.firstMatch(of: #/but found (.+?)(?: instead)?\.?$/#)
      path = context.codingPath
      text = "\(name): expected \(Self.words(for: type))" + (found.map { ", found \($0.1)" } ?? "")
    case .dataCorrupted(let context):
      let word = context.debugDescription.firstMatch(
        of: #/^Cannot initialize \w+ from invalid \w+ value (.+)$/#)
      path = context.codingPath
      text =
        word.map { "expected a word that is known here, found '\($0.1)'" }
        ?? (Self.isNumber(context, json)
          ? "expected numbers of single precision, found one beyond them"
          : context.debugDescription)
    @unknown default: (path, text) = ([], "\(error)")
    }
  }

  /// Where and what, of a text whose lines nobody counts: `preprocessing.mean.0: expected a number, found a string`.
  package var sentence: String {
    let place = path.map { $0.intValue.map(String.init) ?? $0.stringValue }.joined(separator: ".")
    return place.isEmpty ? text : "\(place): \(text)"
  }

  /// Whether it is a number that is too large for its type: then nobody says where, and Foundation calls the text no JSON.
  private static func isNumber(_ context: DecodingError.Context, _ json: String) -> Bool {
    context.codingPath.isEmpty && context.debugDescription.contains("not valid JSON")
      && (try? JSONSerialization.jsonObject(with: Data(json.utf8))) != nil
  }

  private static func words(for type: Any.Type) -> String {
    switch type {
    case is String.Type: "a text"
    case is Bool.Type: "true or false"
    case is any BinaryInteger.Type: "a whole number"
    case is any BinaryFloatingPoint.Type: "a number"
    case is [String].Type, is [Int].Type, is [Any].Type: "a list"
    default: "an object"
    }
  }
}
