package import Catalog

/// What a file may turn out to be: an entry of the catalog with the weight sets known for it.
package struct ConversionTarget: Sendable {
  package let identifier: String
  package let title: String
  /// In Keras's order.
  package let parameters: [Parameter]
  /// The names of the graph's variants; empty when there is one graph.
  package let variants: [String]
  /// The entry's text, which goes into the archive.
  package let json: String
  package let weightSets: [WeightSet]

  package init(
    identifier: String, title: String, parameters: [Parameter], variants: [String], json: String,
    weightSets: [WeightSet]
  ) {
    self.identifier = identifier
    self.title = title
    self.parameters = parameters
    self.variants = variants
    self.json = json
    self.weightSets = weightSets
  }

  /// The layers that have weights, in the entry's order.
  package var layers: [String] {
    var seen: Set<String> = []
    return parameters.map(\.layer).filter { seen.insert($0).inserted }
  }
}

extension ConversionTarget {
  /// The entry `identifier` of `catalog`, with its weight sets; where none are described and there is one graph,
  /// with those that Keras writes of any network.
  package init(_ identifier: String, of catalog: EntryCatalog) throws {
    let entry = try catalog.entry(identifier)
    let files = catalog.weightFiles(of: identifier)
    let sets =
      files.isEmpty && entry.variants.isEmpty
      ? try WeightSet.ofAnyNetwork() : try files.map { try WeightSet(json: $0.text, file: $0.path) }
    self.init(
      identifier: identifier, title: entry.title,
      parameters: try ArchivedNetwork(entry: entry, variant: nil).parameters(),
      variants: entry.variants.map(\.name), json: entry.json, weightSets: sets)
  }

  /// Every entry of `catalog` that weights are known to be saved for.
  package static func all(of catalog: EntryCatalog) throws -> [ConversionTarget] {
    try catalog.identifiers.map { try ConversionTarget($0, of: catalog) }.filter { !$0.weightSets.isEmpty }
  }
}
