/// The graph that a saved model itself describes.
package enum KerasGraph {
  /// The graph, of the model `json` describes and of the models inside it, that has all of `layers`, and of it what can be
  /// said here.
  ///
  /// - Returns: nil when no model has all of them, or one of them cannot be described.
  package static func graph(in json: String, having layers: Set<String>) -> LayerGraph? {
    guard let architecture = try? KerasArchitecture(json: json) else { return nil }
    let models = architecture.models
    guard let model = models.last(where: { $0.has(layers) }) else { return nil }
    return graph(of: model, keeping: layers)
  }

  private static func graph(of model: KerasArchitecture, keeping layers: Set<String>) -> LayerGraph? {
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

  /// The layers that stand in front of the model that has all of `layers`, where it is inside another, and change what it
  /// reads: `rescaling (Rescaling)`. Those that act in training only do not.
  package static func front(in json: String, of layers: Set<String>) -> [String] {
    guard let architecture = try? KerasArchitecture(json: json) else { return [] }
    return architecture.front(of: layers)
  }
}

extension KerasArchitecture {
  /// The same in the first model inside this one, or inside that, that has all of `layers`.
  fileprivate func front(of layers: Set<String>) -> [String] {
    for (index, layer) in self.layers.enumerated() {
      guard let inner = layer.model, inner.models.contains(where: { $0.has(layers) }) else { continue }
      let own = self.layers[..<index].filter(\.changesNumbers).map { "\($0.name) (\($0.className))" }
      return own + inner.front(of: layers)
    }
    return []
  }

  fileprivate func has(_ names: Set<String>) -> Bool { names.isSubset(of: layers.map(\.name)) }

  /// This model and those inside it, each ahead of what is inside it.
  fileprivate var models: [KerasArchitecture] {
    [self]
      + layers.flatMap { $0.model?.models ?? [] }
  }
}

extension KerasArchitecture.Layer {
  /// Layers of Keras that act in training only.
  private static let identities: Set<String> = [
    "AlphaDropout", "GaussianDropout", "GaussianNoise", "SpatialDropout2D", "ActivityRegularization",
    "RandomBrightness", "RandomContrast", "RandomFlip", "RandomRotation", "RandomTranslation", "RandomZoom",
  ]

  /// The model that it is.
  fileprivate var model: KerasArchitecture? {
    guard ["Functional", "Model", "Sequential"].contains(className) else { return nil }
    return try? KerasArchitecture(className: className, config: config)
  }

  /// Whether its output is not its input, as far as can be said.
  fileprivate var changesNumbers: Bool {
    guard className != "InputLayer", !Self.identities.contains(className) else { return false }
    return !(operation?.isIdentityAtInference ?? false)
  }

  /// What it computes, where all of it can be said.
  fileprivate var operation: (any LayerOperation)? {
    if Self.identities.contains(className) { return Dropout() }
    let translation = translated()
    return translation.problems.isEmpty && translation.missing.isEmpty ? translation.operation : nil
  }
}
