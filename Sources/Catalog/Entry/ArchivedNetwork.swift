import Foundation
package import Tensors

/// What an archive keeps of the network its tensors belong to: the whole entry and the graph variant.
///
/// An archive carries texts by name without reading them; these are four of them. `entry` is the entry's JSON
/// as it was, `graph` a JSON string with the variant's name, absent where the entry has one graph, `images` how images are brought to
/// size and `features` where features end, absent where that is as usual.
package struct ArchivedNetwork: Sendable {
  package let entry: CatalogEntry
  package let variant: String?
  /// How images are brought to size where nobody says otherwise.
  package let images: ImageDefaults
  /// Where features end where nobody says otherwise.
  package let features: FeatureDefaults

  /// The names of the sections.
  package static let entrySection = "entry"
  package static let graphSection = "graph"
  package static let imagesSection = "images"

  package init(
    entry: CatalogEntry, variant: String?, images: ImageDefaults = ImageDefaults(),
    features: FeatureDefaults = FeatureDefaults()
  ) throws(CatalogError) {
    if let variant { _ = try entry.variant(named: variant) }
    self.entry = entry
    self.variant = variant
    self.images = images
    self.features = features
  }

  /// Rows and columns of images where nobody says otherwise.
  package var size: Extent {
    Extent(images.height ?? entry.defaultSize.height, images.width ?? entry.defaultSize.width)
  }

  /// What happens to a pixel ahead of the graph.
  package var preprocessing: Preprocessing { entry.preprocessing(variant: variant) }

  /// Reads an archive's sections; nil when they hold no entry. `place` names the archive in errors.
  package init?(sections: [String: String], place: String) throws(CatalogError) {
    guard let json = sections[Self.entrySection] else { return nil }
    let entry = try CatalogEntry(json: json, file: "\(place) (entry)")
    let variant = sections[Self.graphSection].flatMap { text in
      try? JSONDecoder().decode(String.self, from: Data(text.utf8))
    }
    var images = ImageDefaults()
    if let text = sections[Self.imagesSection] {
      images = try ImageDefaults(json: text, place: "\(place) (\(Self.imagesSection))")
    }
    var features = FeatureDefaults()
    if let text = sections[FeatureDefaults.section] {
      features = try FeatureDefaults(json: text, place: "\(place) (\(FeatureDefaults.section))")
    }
    try self.init(entry: entry, variant: variant, images: images, features: features)
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
    sections[Self.imagesSection] = images.section
    sections[FeatureDefaults.section] = features.text
    return sections
  }

  /// The graph the tensors belong to.
  package func graph() throws(CatalogError) -> LayerGraph { try entry.graph(variant: variant) }
}
