import Catalog
import Tensors

extension OwnNetwork {
  /// The same with features that are the output of a layer, or of a model inside the model, whatever stands behind it.
  ///
  /// - Throws: where there is no layer of the name, or nothing that was learnt up to it.
  func ending(at layer: String, _ path: String) throws -> OwnNetwork {
    guard let name = name(of: layer) else {
      throw ConversionError.unknownLayer(path: path, layer: layer, known: knownLayers(like: layer))
    }
    let graph = try network.graph.truncated(at: name)
    guard graph.hasSums else { throw ConversionError.noFeatures(path: path, layer: layer) }
    var own = self
    own.parts = NetworkParts(upTo: graph)
    return own
  }

  /// What a layer of the file is called in the graph: of a model inside the model, the layer that gives what it gives; nil where there is
  /// none.
  private func name(of layer: String) -> String? {
    if let renamed = network.renamed.first(where: { $0.own == layer }) { return renamed.name }
    return network.graph[layer]?.name ?? output(ofModel: layer)
  }

  /// The one layer of a model inside the model that others read, or that all ends in.
  private func output(ofModel model: String) -> String? {
    let layers = network.graph.layers
    let members = Set(layers.map(\.name).filter { network.paths[$0]?.dropLast().contains(model) ?? false })
    let read = Set(layers.filter { !members.contains($0.name) }.flatMap(\.inputs))
    let last = layers.last?.name
    let outputs = layers.map(\.name).filter { members.contains($0) && (read.contains($0) || $0 == last) }
    return outputs.count == 1 ? outputs[0] : nil
  }

  /// Some names of layers and of models inside the model, the most similar one first.
  private func knownLayers(like name: String) -> [String] {
    let layers = network.graph.layers.dropFirst().map(\.name)
    let models = Set(layers.flatMap { network.paths[$0]?.dropLast() ?? [] }).sorted()
    let nearest = nearestLayer(to: name, in: models + layers).map { [$0] } ?? []
    return nearest + (models.prefix(2) + layers.reversed()).filter { !nearest.contains($0) }.prefix(4)
  }
}
