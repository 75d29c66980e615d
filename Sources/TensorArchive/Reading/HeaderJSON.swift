import Foundation

/// A header as its JSON has it, nothing checked but the types.
struct HeaderJSON: Decodable {
  var metadata: [String: String]?
  var tensors: [Tensor] = []

  struct Tensor {
    var name: String
    var fields: Fields
  }

  struct Fields: Decodable {
    var dtype: String
    var shape: [Int]
    var data_offsets: [Int]
  }

  private struct Key: CodingKey {
    var stringValue: String
    var intValue: Int? { nil }
    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }

  init() {}

  init(from decoder: any Decoder) throws {
    let members = try decoder.container(keyedBy: Key.self)
    for key in members.allKeys {
      if key.stringValue == metadataName {
        metadata = try members.decode([String: String].self, forKey: key)
      } else {
        let fields = try members.decode(Fields.self, forKey: key)
        tensors.append(Tensor(name: key.stringValue, fields: fields))
      }
    }
  }

  /// Parses a header that ``HeaderScan`` has seen.
  static func parse(_ header: [UInt8], path: String) throws(ArchiveError) -> HeaderJSON {
    if let json = CanonicalHeader.read(header) { return json }
    do {
      return try JSONDecoder().decode(HeaderJSON.self, from: Data(header))
    } catch let error as DecodingError {
      let (place, problem) = describe(error)
      throw .malformedHeader(path: path, place: place, expected: "safetensors JSON", found: problem)
    } catch {
      throw .malformedHeader(path: path, place: "header", expected: "safetensors JSON", found: "\(error)")
    }
  }

  private static func describe(_ error: DecodingError) -> (place: String, problem: String) {
    func place(_ path: [any CodingKey]) -> String {
      path.isEmpty ? "header" : path.map(\.stringValue).joined(separator: " ")
    }
    return switch error {
    case .typeMismatch(let type, let context): (place(context.codingPath), "something that is no \(type)")
    case .valueNotFound(let type, let context): (place(context.codingPath), "null where a \(type) belongs")
    case .keyNotFound(let key, let context): (place(context.codingPath), "no \(key.stringValue)")
    case .dataCorrupted(let context): (place(context.codingPath), context.debugDescription)
    @unknown default: ("header", "\(error)")
    }
  }
}
