/// The graph that a saved model itself describes.
package enum KerasGraph {
  /// The graph, of the model `json` describes and of the models inside it, that has all of `layers`, and of it what can be
  /// said here.
  ///
  /// - Returns: nil when no model has all of them, or one of them cannot be described.
  package static func graph(in json: String, having layers: Set<String>) -> LayerGraph? {
    guard let architecture = try? KerasArchitecture(json: json) else { return nil }
    let models = architecture.models
    guard let model = models.last(where: { layers.isSubset(of: $0.layers.map(\.name)) }) else { return nil }
    var graph = LayerGraph(layers: [])
    for layer in model.layers {
      if let operation = layer.operation {
        graph.layers.append(Layer(name: layer.name, operation: operation, inputs: layer.inputs))
      } else if layers.contains(layer.name) {
        return nil
      }
    }
    return graph
  }
}

extension KerasArchitecture {
  /// This model and those inside it, each ahead of what is inside it.
  fileprivate var models: [KerasArchitecture] {
    [self]
      + layers.flatMap { layer in
        guard ["Functional", "Model", "Sequential"].contains(layer.className) else {
          return [KerasArchitecture]()
        }
        return (try? KerasArchitecture(className: layer.className, config: layer.config))?.models ?? []
      }
  }
}

extension KerasArchitecture.Layer {
  /// Layers of Keras that act in training only.
  private static let identities: Set<String> = [
    "AlphaDropout", "GaussianDropout", "GaussianNoise", "SpatialDropout2D", "ActivityRegularization",
    "RandomBrightness", "RandomContrast", "RandomFlip", "RandomRotation", "RandomTranslation", "RandomZoom",
  ]

  /// What it computes, where all of it can be said.
  fileprivate var operation: (any LayerOperation)? {
    if Self.identities.contains(className) { return Dropout() }
    let translation = translated()
    return translation.problems.isEmpty && translation.missing.isEmpty ? translation.operation : nil
  }
}
