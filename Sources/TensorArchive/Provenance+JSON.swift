import Foundation

extension Provenance {
  /// The one JSON text of this value.
  var json: String {
    var members = [
      (key: "byteCount", value: String(digests.byteCount)),
      (key: "fileName", value: CanonicalJSON.string(fileName)),
      (key: "md5", value: CanonicalJSON.string(digests.md5)),
      (key: "sha256", value: CanonicalJSON.string(digests.sha256)),
    ]
    let optional = [
      ("attribution", attribution), ("converter", converter), ("era", era), ("licence", licence),
    ]
    for case (let key, let value?) in optional {
      members.append((key: key, value: CanonicalJSON.string(value)))
    }
    if !details.isEmpty {
      let texts = details.map { (key: $0.key, value: CanonicalJSON.string($0.value)) }
      members.append((key: "details", value: CanonicalJSON.sortedObject(texts)))
    }
    return CanonicalJSON.sortedObject(members)
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
