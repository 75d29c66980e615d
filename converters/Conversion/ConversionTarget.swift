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
  /// The program whose files its weight sets describe.
  package var framework: Framework { weightSets.first?.era.framework ?? .keras }

  /// The entry `identifier` of `catalog`, with the weight sets that it describes and those that Keras writes of any network.
  ///
  /// - Parameter graph: a graph of another program than Keras, whose weight sets alone are looked at then; nil for those of Keras.
  package init(_ identifier: String, of catalog: EntryCatalog, graph: String? = nil) throws {
    let entry = try catalog.entry(identifier)
    let described = try catalog.weightFiles(of: identifier).map {
      try WeightSet(json: $0.text, file: $0.path)
    }
    let framework = entry.variants.first { $0.name == graph }?.framework ?? .keras
    var sets = described.filter {
      $0.era.framework == framework && (framework == .keras || $0.graph == graph)
    }
    if framework == .keras {
      let usual = try WeightSet.ofAnyNetwork(entry.graph(), variant: entry.writtenVariant)
      sets += usual.filter { !$0.isDescribed(by: sets) }
    }
    self.init(
      identifier: identifier, title: entry.title,
      parameters: try ArchivedNetwork(entry: entry, variant: framework == .keras ? nil : graph).parameters(),
      variants: entry.variants.filter { $0.framework == framework }.map(\.name), json: entry.json,
      weightSets: sets)
  }
}
