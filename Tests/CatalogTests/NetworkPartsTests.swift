import Catalog
import Tensors
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

/// Graphs that nobody trained.
extension NetworkPartsTests {
  private func parts(_ operations: [any LayerOperation], size: Int = 8) throws -> (NetworkParts, LayerGraph) {
    var layers = [Layer(name: "image", operation: InputLayer(channels: 3), inputs: [])]
    for (number, operation) in operations.enumerated() {
      let source = layers[layers.count - 1].name
      layers.append(Layer(name: "layer\(number)", operation: operation, inputs: [source]))
    }
    let graph = LayerGraph(layers: layers)
    return (try NetworkParts(graph, size: Extent(size, size)), graph)
  }

  private func convolution(_ filters: Int, _ activation: Activation) -> Conv2D {
    Conv2D {
      $0.filters = filters
      $0.activation = activation
    }
  }

  /// One decision of what scores are, for all that ask: maps of a sigmoid as much as those of a softmax.
  @Test(arguments: [
    (Activation.sigmoid, true), (.softmax, true), (.hardSigmoid, true), (.linear, false), (.relu, false),
    (.tanh, false),
  ])
  func whatGivesScores(activation: Activation, areScores: Bool) throws {
    for pooling in [[], [GlobalAveragePooling2D()]] as [[any LayerOperation]] {
      let (parts, graph) = try parts([convolution(9, .relu), convolution(4, activation)] + pooling)
      #expect(NetworkParts.givesScores(graph, size: Extent(8, 8)) == areScores)
      #expect((parts.end == .probabilities) == areScores, "\(parts.end)")
      #expect(areScores == (parts.features.layers.last?.name == "layer0") || activation == .linear)
    }
  }

  /// As many layers as a file may have are gone through once.
  @Test func manyFactorsAtTheEndAreNoTrouble() throws {
    let factors = Array(repeating: Rescaling { $0.scale = [0.5] } as any LayerOperation, count: 4000)
    let (parts, _) = try parts(
      [convolution(9, .relu), convolution(4, .sigmoid), GlobalAveragePooling2D()] + factors)
    #expect(parts.end == .probabilities && parts.features.layers.count == 2)
  }
}

extension LayerGraph {
  /// Without SqueezeNet's.
  fileprivate var withoutDropout: [Layer] { layers.last?.operation is Dropout ? layers.dropLast() : layers }
}
