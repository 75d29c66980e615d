import Encoding
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
    if let reason = JSONBudget.problem(with: text) { throw problem(at: [], reason) }
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
    if case .dataCorrupted = error, let problem = syntaxProblem() { return problem }
    let found = DecodingProblem(error, in: text)
    return problem(at: steps(found.path), found.text)
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
}
