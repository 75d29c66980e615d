import Encoding
import Foundation

extension Decodable {
  /// Reads the JSON text of a section of an archive, within a budget; `place` names it in errors.
  init(section json: String, of place: String) throws(CatalogError) {
    if let reason = JSONBudget.problem(with: json) { throw .malformedSection(place, reason) }
    do {
      self = try JSONDecoder().decode(Self.self, from: Data(json.utf8))
    } catch let error as DecodingError {
      throw .malformedSection(place, DecodingProblem(error, in: json).sentence)
    } catch {
      throw .malformedSection(place, "\(error)")
    }
  }
}

extension CatalogError {
  /// A section of an archive that is not what it should be.
  static func malformedSection(_ place: String, _ reason: String) -> CatalogError {
    .invalidEntry([CatalogProblem(file: place, line: 1, text: reason)])
  }
}
