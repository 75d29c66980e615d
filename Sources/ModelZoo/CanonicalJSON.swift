import Foundation

extension Encodable {
  /// The value as JSON text with one spelling: members sorted, nothing escaped without need.
  func json() throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(self), as: UTF8.self)
  }
}
