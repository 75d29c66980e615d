import Catalog

/// What a saved model says of its own graph, beside the graph that the catalog has for its weights: for files of which not all
/// can be described, and where somebody insists on the catalog's network.
struct OwnGraph {
  /// A variant of the network's graph, and where the file's own computes something else.
  struct Comparison {
    let variant: String?
    let differences: [String]
  }

  /// The variant that the file's weight set belongs to first.
  private let comparisons: [Comparison]

  /// Nil where the file describes no graph, or none that can be compared.
  init?(of file: any WeightSource, beside candidate: Candidate) {
    guard candidate.alignment.distance == 0, let json = file.facts.architecture,
      let entry = try? CatalogEntry(json: candidate.target.json, file: candidate.target.identifier),
      let own = DraftedNetwork.describedPart(of: json, kerasVersion: file.facts.writerVersion)
    else { return nil }
    let known = Set(own.graph.layers.map(\.name))
    guard known.isSuperset(of: candidate.alignment.sourceLayers.values) else { return nil }
    let others = candidate.target.variants.filter { $0 != candidate.set.graph }.map { Optional($0) }
    comparisons = ([candidate.set.graph] + others).compactMap { variant in
      guard let graph = try? entry.graph(variant: variant).padded(for: own.inputSize) else { return nil }
      let comparison = GraphComparison(
        expected: graph, found: own.graph, names: candidate.alignment.sourceLayers)
      return Comparison(variant: variant, differences: comparison.differences)
    }
  }

  /// The variant that computes what the file's own graph does, or the one that differs least.
  var nearest: Comparison? { comparisons.min { $0.differences.count < $1.differences.count } }
}
