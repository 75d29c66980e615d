import Catalog
import Tensors

extension Backbone {
  /// How many classes a whole model has of which what the network gives are the scores, since nothing that learnt stands behind it; nil
  /// for features.
  var classesScored: Int? {
    guard options.layer == nil, let sections = ModelSections(archive),
      (try? sections.backboneOptions())?.layer == nil, (try? sections.history())?.epochs.isEmpty == true,
      let head = try? sections.head(archive), featureShape.dimensions.last == head.outputCount,
      head.parameters.isEmpty
    else { return nil }
    return max(2, head.outputCount)
  }

  /// The layer below what gives the scores, where features may be read; nil where none can be told.
  var layerBelowScores: String? {
    guard let graph = try? network.graph(), let last = graph.layers.last else { return nil }
    let size = Extent(inputShape[0], inputShape[1])
    let features = (try? NetworkParts(graph, size: size))?.features.layers.last?.name
    let below = features == last.name ? last.inputs.first : features
    return below == graph.layers[0].name ? nil : below
  }
}
