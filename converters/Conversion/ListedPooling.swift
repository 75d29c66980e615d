import Catalog

/// The global pooling that a file lists behind its network: weights alone have no graph, but name the layer.
enum ListedPooling: String, CaseIterable {
  case average = "avg"
  case maximum = "max"

  /// The names that Keras gives it: its own, and the one that its networks give theirs.
  private var names: (stem: String, given: String) {
    switch self {
    case .average: ("global_average_pooling2d", "avg_pool")
    case .maximum: ("global_max_pooling2d", "max_pool")
    }
  }

  /// Nil where the file lists none besides those of `graph`, or both.
  init?(_ names: [String], besides graph: LayerGraph) {
    let found = Self.allCases.filter { $0.count(in: names, besides: graph) > 0 }
    guard found.count == 1 else { return nil }
    self = found[0]
  }

  private func count(in names: [String], besides graph: LayerGraph) -> Int {
    let (stem, given) = self.names
    let listed = names.count { name in
      AutoNumberedName(name).stem == stem || name == given && graph[given] == nil
    }
    return listed - graph.layers.count { isOperation($0.operation) }
  }

  private func isOperation(_ operation: any LayerOperation) -> Bool {
    switch self {
    case .average: operation is GlobalAveragePooling2D
    case .maximum: operation is GlobalMaxPooling2D
    }
  }
}

extension Recognition {
  /// Has features pooled as the file lists it, and says so.
  mutating func poolAs(_ file: any WeightSource) {
    guard fits, let graph = try? CatalogEntry(json: target.json).graph(variant: graph),
      let pooling = ListedPooling(file.facts.layerNames + file.facts.unweightedLayers, besides: graph)
    else { return }
    let numbers =
      switch pooling {
      case .average: "mean"
      case .maximum: "largest values"
      }
    features.pooling = pooling == .maximum ? pooling.rawValue : nil
    reasons.append(
      .evidence(
        "the file lists a global pooling behind the network: features are pooled by '\(pooling.rawValue)', the \(numbers) over all "
          + "pixels, unless another pooling is asked for"))
  }
}
