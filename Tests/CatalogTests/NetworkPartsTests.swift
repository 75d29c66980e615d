import Catalog
import Testing

@Suite struct NetworkPartsTests {
  /// No network of the catalog ends in anything that could be taken for a classifier, pooled or not: its features are all that it gives,
  /// layer by layer, but for a dropout at the end.
  @Test func networksOfTheCatalogHaveNone() throws {
    let catalog = EntryCatalog.embedded
    for identifier in catalog.identifiers {
      let entry = try catalog.entry(identifier)
      for variant in entry.variants.isEmpty ? [nil] : entry.variants.map({ Optional($0.name) }) {
        let graph = try entry.graph(variant: variant)
        for pooling in [nil, GlobalAveragePooling2D(), GlobalMaxPooling2D()] as [(any LayerOperation)?] {
          let last = graph.layers.last?.name ?? ""
          let pooled = pooling.map { [Layer(name: "pooled", operation: $0, inputs: [last])] } ?? []
          let parts = try NetworkParts(
            LayerGraph(layers: graph.layers + pooled), size: entry.defaultSize)
          // The mean over all pixels is what becomes of features anyway.
          let kept = pooling is GlobalMaxPooling2D ? graph.layers + pooled : graph.withoutDropout
          #expect(parts.features.layers == kept && parts.backbone == parts.features, "\(identifier)")
          #expect(parts.classifier.isEmpty && parts.end == .output && parts.poolsAhead == nil)
          #expect(!NetworkParts.givesScores(graph, size: entry.defaultSize), "\(identifier)")
        }
      }
    }
  }
}

extension LayerGraph {
  /// Without SqueezeNet's.
  fileprivate var withoutDropout: [Layer] { layers.last?.operation is Dropout ? layers.dropLast() : layers }
}
