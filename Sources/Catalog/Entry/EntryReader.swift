import Foundation

/// Reads the text of an entry or of a weight set; whatever is wrong comes with its file and line.
struct EntryReader {
  var text: String
  var file: String

  func record() throws(CatalogError) -> EntryRecord { try decoded(as: EntryRecord.self) }

  func decoded<Value: Decodable>(as type: Value.Type) throws(CatalogError) -> Value {
    guard text.utf8.count <= Limits.entryBytes else {
      throw problem(at: [], "the file has \(text.utf8.count) bytes; expected at most \(Limits.entryBytes)")
    }
    do {
      return try JSONDecoder().decode(type, from: Data(text.utf8))
    } catch let error as DecodingError {
      throw explained(error)
    } catch {
      throw problem(at: [], "\(error)")
    }
  }

  /// One problem as an error.
  func problem(at path: [JSONLocator.Step], _ text: String) -> CatalogError {
    .invalidEntry([CatalogProblem(file: file, line: line(of: path), text: text)])
  }

  func line(of path: [JSONLocator.Step]) -> Int { JSONLocator.line(of: path, in: text) }

  private func explained(_ error: DecodingError) -> CatalogError {
    switch error {
    case .keyNotFound(let key, let context):
      return problem(at: steps(context.codingPath), "the key \"\(key.stringValue)\" is missing")
    case .typeMismatch(let type, let context), .valueNotFound(let type, let context):
      let name = context.codingPath.last?.stringValue ?? "the value"
      return problem(at: steps(context.codingPath), "\(name): expected \(Self.words(for: type))")
    case .dataCorrupted(let context):
      return syntaxProblem() ?? problem(at: steps(context.codingPath), context.debugDescription)
    @unknown default:
      return problem(at: [], "\(error)")
    }
  }

  /// What keeps the text from being JSON, or nil when it is; only this parser tells the place.
  private func syntaxProblem() -> CatalogError? {
    do {
      _ = try JSONSerialization.jsonObject(with: Data(text.utf8))
      return nil
    } catch {
      let words = (error as NSError).userInfo[NSDebugDescriptionErrorKey] as? String ?? "malformed"
      let offset = words.firstMatch(of: #/character (\d+)/#).flatMap { Int($0.1) } ?? 0
      let line = 1 + text.utf8.prefix(offset).count { $0 == UInt8(ascii: "\n") }
      return .invalidEntry([CatalogProblem(file: file, line: line, text: "no valid JSON: \(words)")])
    }
  }

  private func steps(_ path: [any CodingKey]) -> [JSONLocator.Step] {
    path.map { key in key.intValue.map { .index($0) } ?? .key(key.stringValue) }
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
