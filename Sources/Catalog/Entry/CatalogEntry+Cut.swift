extension CatalogEntry {
  /// The network up to a layer, as an entry of its own with that one graph: what does not lead to the layer is no part of it.
  ///
  /// - Parameter variant: which of the graphs is cut; nil for the one as written.
  /// - Throws: ``CatalogError`` for a layer that there is not.
  package func cut(at layer: String, variant: String?) throws(CatalogError) -> CatalogEntry {
    let graph = try graph(variant: variant).truncated(at: layer)
    let minimum = try minimumSize(variant: variant)
    var cut = EntryRecord(
      identifier: identifier + Self.cutEnding, title: "\(title), up to \(layer)", kerasName: kerasName,
      paper: paper, licence: licence, imageNet: nil, preprocessing: preprocessing(variant: variant),
      defaultSize: defaultSize, minimumSize: minimum,
      claims: try Claims(computedFrom: graph, defaultSize: defaultSize, minimumSize: minimum),
      defaults: LayerDefaults(mostFrequentIn: graph.layers), blocks: BlockSplitter(graph.layers).blocks,
      variants: [])
    cut.sizeMultiple = record.sizeMultiple
    cut.poolsAhead = record.poolsAhead.flatMap { graph[$0]?.name }
    return try CatalogEntry(json: EntryWriter(record: cut).text, file: cut.identifier)
  }

  /// The network of `catalog` that this is a part of, and which of its graphs: nil for one that was not cut from a network there.
  package func whole(in catalog: EntryCatalog) -> (network: String, variant: String?)? {
    guard identifier.hasSuffix(Self.cutEnding), let layer = (try? graph())?.layers.last?.name,
      let whole = try? catalog.entry(String(identifier.dropLast(Self.cutEnding.count)))
    else { return nil }
    let variants = whole.variants.isEmpty ? [nil] : whole.variants.map { Optional($0.name) }
    return variants.first { (try? whole.cut(at: layer, variant: $0))?.json == json }.map {
      (whole.identifier, $0)
    }
  }

  /// What the name of a cut network ends with, which is no network of a catalog.
  private static let cutEnding = "_cut"
}
