package import Catalog

extension WeightSet {
  /// How today's Kerases save any network: what an entry need not describe.
  ///
  /// Layers go by the entry's names, which are those of the model that `to_json` described; where Keras made names up, their numbers
  /// count by their rank. Keras 2 called some layers of its own networks otherwise: those are told by their order, as Keras 3
  /// itself tells them.
  ///
  /// - Parameters:
  ///   - graph: the network, for the names that Keras made up; nil where they need no attention.
  ///   - variant: the graph that such files are taken to belong to.
  package static func ofAnyNetwork(
    _ graph: LayerGraph? = nil, variant: String? = nil
  ) throws(WeightSetError) -> [WeightSet] {
    var sets = [
      try WeightSet(
        json: """
          {"format": 1, "tag": "keras2", "title": "saved by a user of Keras 2 or tf.keras 2", "era": "keras2",
           "kerasVersions": ["2.0.0", "2.99.0"], "axisOrder": "HWIO", "kernels": "tensorflow", "byOrder": true,
           "weightNames": "{layer}/{role}:0", "firstNumber": 0, "basis": "how Keras 2 saves any network"}
          """, file: "any network"),
      try WeightSet(
        json: """
          {"format": 1, "tag": "keras3", "title": "saved by a user of Keras 3", "era": "keras3",
           "kerasVersions": ["3.0.0", "3.99.0"], "axisOrder": "HWIO", "kernels": "tensorflow",
           "weightNames": "{layer}/{role}", "firstNumber": 0, "basis": "how Keras 3 saves any network"}
          """, file: "any network"),
    ]
    let stems = graph?.automaticStems ?? []
    for index in sets.indices {
      sets[index].graph = variant
      if variant != nil {
        sets[index].graphNote =
          "weights alone do not tell it from the network's other graphs; choose one if the model was built otherwise"
      }
      sets[index].autoNumbered = stems.isEmpty ? nil : stems
    }
    return sets
  }

  /// Whether an entry itself describes how users of this set's generation of Keras save it.
  func isDescribed(by sets: [WeightSet]) -> Bool {
    sets.contains { $0.file == nil && ($0.era == era || ($0.era == .tfKeras2 && era == .keras2)) }
  }
}

extension LayerGraph {
  /// What the names of layers begin with that Keras made up, as far as the layers have weights; sorted.
  fileprivate var automaticStems: [String] {
    let weighted = Set(((try? parameters()) ?? []).map(\.layer))
    let stems = layers.filter { weighted.contains($0.name) }.map {
      (AutoNumberedName($0.name).stem, $0.operation.automaticStem)
    }
    return Set(stems.filter { $0 == $1 }.map(\.0)).sorted()
  }
}
