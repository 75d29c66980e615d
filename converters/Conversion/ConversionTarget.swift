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
  /// The entry `identifier` of `catalog`, with the weight sets that it describes and those that Keras writes of any network.
  package init(_ identifier: String, of catalog: EntryCatalog) throws {
    let entry = try catalog.entry(identifier)
    let described = try catalog.weightFiles(of: identifier).map {
      try WeightSet(json: $0.text, file: $0.path)
    }
    let usual = try WeightSet.ofAnyNetwork(entry.graph(), variant: entry.variants.first?.name)
    self.init(
      identifier: identifier, title: entry.title,
      parameters: try ArchivedNetwork(entry: entry, variant: nil).parameters(),
      variants: entry.variants.map(\.name), json: entry.json,
      weightSets: described + usual.filter { !$0.isDescribed(by: described) })
  }
}
