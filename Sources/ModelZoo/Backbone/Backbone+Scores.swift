import Catalog
import Tensors

extension Backbone {
  /// How many classes a whole model has of which what the network gives are the scores, since nothing that learnt stands behind it; nil
  /// for features.
  var classesScored: Int? { options.layer == nil ? classesOfHead ?? classesAtTheEnd : nil }

  /// Where a classifier was left in the network because nothing told it from the rest: its classes.
  private var classesAtTheEnd: Int? {
    guard ModelSections(archive) == nil, let graph = try? network.graph() else { return nil }
    let byName = Dictionary(graph.layers.map { ($0.name, $0) }) { first, _ in first }
    var layer = graph.layers.last
    while let current = layer {
      let operation = current.operation
      let own = (operation as? Catalog.Dense)?.activation ?? (operation as? Catalog.Conv2D)?.activation
      if (operation as? any ActivationOperation)?.activation ?? own == .softmax {
        return featureShape.dimensions.last
      }
      guard operation.isIdentityAtInference || operation is Reshape || operation is Catalog.Flatten,
        current.inputs.count == 1
      else { return nil }
      layer = byName[current.inputs[0]]
    }
    return nil
  }

  private var classesOfHead: Int? {
    guard let sections = ModelSections(archive),
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
