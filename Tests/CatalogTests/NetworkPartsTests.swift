import Catalog
import Testing

@Suite struct NetworkPartsTests {
  /// No network of the catalog ends in anything that could be taken for a classifier.
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
          // What does nothing at the end is left out, as by SqueezeNet's dropout.
          let isKept = parts.features.learning.starts(with: graph.learning)
          #expect(isKept && parts.classifier.isEmpty && parts.end == .told, "\(identifier)")
        }
      }
    }
  }
}

extension LayerGraph {
  fileprivate var learning: [Layer] { layers.filter { !$0.operation.isIdentityAtInference } }
}
