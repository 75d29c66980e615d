import Encoding
import Files
import Foundation

extension Provenance {
  /// The one JSON text of this value.
  var json: String {
    var members: [String: JSON] = [
      "byteCount": .integer(digests.byteCount), "fileName": .string(fileName), "md5": .string(digests.md5),
      "sha256": .string(digests.sha256),
    ]
    members["attribution"] = attribution.map(JSON.string)
    members["converter"] = converter.map(JSON.string)
    members["era"] = era.map(JSON.string)
    members["licence"] = licence.map(JSON.string)
    if !details.isEmpty { members["details"] = .sortedObject(details.mapValues(JSON.string)) }
    return JSON.sortedObject(members).compact
  }

  /// Reads the JSON text; members it does not know are ignored.
  init(json: String) throws {
    let fields = try JSONDecoder().decode(Fields.self, from: Data(json.utf8))
    self.init(
      fileName: fields.fileName,
      digests: FileDigests(byteCount: fields.byteCount, md5: fields.md5, sha256: fields.sha256),
      era: fields.era, converter: fields.converter, licence: fields.licence,
      attribution: fields.attribution, details: fields.details ?? [:])
  }

  private struct Fields: Decodable {
    var byteCount: Int
    var fileName: String
    var md5: String
    var sha256: String
    var attribution: String?
    var converter: String?
    var era: String?
    var licence: String?
    var details: [String: String]?
  }
}
