import Catalog
import Tensors

extension Backbone {
  /// The layers of the network without which its output at `layer` is computed.
  func layersBehind(_ layer: String) -> [String] {
    guard let graph = try? network.graph(), let below = try? graph.truncated(at: layer) else { return [] }
    let kept = Set(below.layers.map(\.name))
    return graph.layers.map(\.name).filter { !kept.contains($0) }
  }

  /// How many classes a whole model has of which what the network gives are the scores, since nothing that learnt stands behind it; nil
  /// for features.
  var classesScored: Int? { options.layer == nil ? classesOfHead ?? classesAtTheEnd : nil }

  /// Where a classifier was left in the network because nothing told it from the rest: its classes.
  private var classesAtTheEnd: Int? {
    guard ModelSections(archive) == nil, let graph = try? network.graph(), let last = graph.layers.last
    else { return nil }
    var scoring: Set<String> = []
    for layer in graph.layers where Self.givesScores(layer, scoring) { scoring.insert(layer.name) }
    return scoring.contains(last.name) ? featureShape.dimensions.last : nil
  }

  /// Whether a softmax gives all that a layer gives, be it in another shape, pooled or put together.
  ///
  /// - Parameter scoring: the layers ahead of it of which that is true.
  private static func givesScores(_ layer: Layer, _ scoring: Set<String>) -> Bool {
    let operation = layer.operation
    let own = (operation as? Catalog.Dense)?.activation ?? (operation as? Catalog.Conv2D)?.activation
    if (operation as? any ActivationOperation)?.activation ?? own == .softmax { return true }
    let keeps =
      operation.isIdentityAtInference || operation is Reshape || operation is Catalog.Flatten
      || operation is any GlobalPoolingOperation || layer.inputs.count > 1
    return keeps && !layer.inputs.isEmpty && layer.inputs.allSatisfy(scoring.contains)
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
