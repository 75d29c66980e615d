import Catalog
import TensorArchive
import Tensors
import WeightConversion

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
    guard ModelSections(archive) == nil, let graph = try? network.graph(),
      NetworkParts.givesScores(graph, size: Extent(inputShape[0], inputShape[1]))
    else { return nil }
    return featureShape.dimensions.last
  }

  /// Refuses what is not there, or no features.
  ///
  /// - Throws: ``ModelZooError``.
  func checkFeatures() throws(ModelZooError) {
    if let classes = classesScored {
      throw .scoresAreNoFeatures(archive: path, classes: classes, layer: layerBelowScores)
    }
    if options.layer == nil, ModelSections(archive) != nil, (try? network.graph().hasSums) == false {
      throw .imagesAreNoFeatures(archive: path)
    }
  }

  /// Refuses a layer of the classifier of a whole model.
  ///
  /// - Throws: ``ModelZooError/classifierLayer(archive:layer:)``.
  static func check(layer: String, of archive: Archive, _ network: ArchivedNetwork?) throws {
    guard let network, try network.graph()[layer] == nil else { return }
    let names = archive.manifest?.source?.details[Conversion.classifier]?.split(separator: "\n") ?? []
    let known = layer.hasPrefix(Classifier.prefix) || names.contains { $0 == layer }
    if known { throw ModelZooError.classifierLayer(archive: archive.path, layer: layer) }
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
