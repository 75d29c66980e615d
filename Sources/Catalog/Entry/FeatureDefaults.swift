import Foundation

/// Where a network's features end where nobody says otherwise, as far as an archive keeps it: of a whole model whose classifier is
/// part of the network, below that.
package struct FeatureDefaults: Hashable, Sendable, Codable {
  /// The layer whose output they are; nil for the network's last.
  package var layer: String?
  /// How the classifier pools them, in Keras's word: `max`; nil for the mean.
  package var pooling: String?
  /// The layer whose output they are where they are not pooled, since the layers behind the pooling work on what was pooled; nil for
  /// the same as where they are.
  package var unpooled: String?

  package init(layer: String? = nil, pooling: String? = nil, unpooled: String? = nil) {
    self.layer = layer
    self.pooling = pooling
    self.unpooled = unpooled
  }

  /// The name of the section that archives keep it in.
  package static let section = "features"

  /// Reads what ``text`` gives; `place` names it in errors.
  init(json: String, place: String) throws(CatalogError) {
    try self.init(section: json, of: place)
    guard pooling == nil || pooling == "max" || pooling == "avg" else {
      throw .malformedSection(
        place, "expected a pooling, avg or max, found \(pooling?.prefix(20) ?? "")")
    }
  }

  /// The text that archives keep; nil where nothing is said.
  package var text: String? {
    guard self != FeatureDefaults() else { return nil }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return (try? encoder.encode(self)).map { String(decoding: $0, as: UTF8.self) }
  }
}
