import Foundation

/// What an archive keeps of the network its tensors belong to: the whole entry and the graph variant.
///
/// An archive carries texts by name without reading them; these are two of them. `entry` is the entry's JSON
/// as it was, `graph` a JSON string with the variant's name, absent where the entry has one graph.
package struct ArchivedNetwork: Sendable {
  package let entry: CatalogEntry
  package let variant: String?

  /// The names of the sections.
  package static let entrySection = "entry"
  package static let graphSection = "graph"

  package init(entry: CatalogEntry, variant: String?) throws(CatalogError) {
    if let variant { _ = try entry.variant(named: variant) }
    self.entry = entry
    self.variant = variant
  }

  /// Reads an archive's sections; nil when they hold no entry. `place` names the archive in errors.
  package init?(sections: [String: String], place: String) throws(CatalogError) {
    guard let json = sections[Self.entrySection] else { return nil }
    let entry = try CatalogEntry(json: json, file: "\(place) (entry)")
    let variant = sections[Self.graphSection].flatMap { text in
      try? JSONDecoder().decode(String.self, from: Data(text.utf8))
    }
    try self.init(entry: entry, variant: variant)
  }

  /// The parameters of the whole network, for images of its own size where that matters.
  package func parameters() throws(CatalogError) -> [Parameter] {
    try entry.graph(variant: variant).parameters(
      height: entry.defaultSize.height, width: entry.defaultSize.width)
  }

  /// The sections to write.
  package var sections: [String: String] {
    var sections = [Self.entrySection: entry.json]
    // A variant's name is a word: nothing in it needs escaping.
    if let variant { sections[Self.graphSection] = "\"\(variant)\"" }
    return sections
  }

  /// The graph the tensors belong to.
  package func graph() throws(CatalogError) -> LayerGraph { try entry.graph(variant: variant) }
}
