/// `BatchNormalization` over channels with stored statistics:
/// `gamma * (x - moving_mean) / sqrt(moving_variance + epsilon) + beta`.
package struct BatchNormalization: LayerOperation {
  package static let keyword = "batchNorm"
  package static let kerasClasses = ["BatchNormalization", "SyncBatchNormalization", "BatchNormalizationV1"]
  package static let settings: [LayerSetting<Self>] = [
    LayerSetting("epsilon", keras: "epsilon", .positive, \.epsilon, defaults: \.epsilon),
    LayerSetting("scale", keras: "scale", .flag, \.scale, defaults: \.scale),
    LayerSetting("center", keras: "center", .flag, \.center, defaults: \.center),
  ]

  package var epsilon = 1e-3
  /// Whether there is a `gamma`.
  package var scale = true
  /// Whether there is a `beta`.
  package var center = true

  package init() {}

  package init(keras: inout KerasConfiguration) {
    self.init(settingsOf: &keras)
    keras.expectLastAxis()
  }

  package func outputShape(of inputs: [ActivationShape]) throws(ShapeProblem) -> ActivationShape { inputs[0] }

  package func parameters(of inputs: [ActivationShape]) throws(ShapeProblem) -> [ParameterDeclaration] {
    let channels = [try inputs[0].knownChannels()]
    return (scale ? [ParameterDeclaration("gamma", channels)] : [])
      + (center ? [ParameterDeclaration("beta", channels)] : [])
      + ["moving_mean", "moving_variance"].map { ParameterDeclaration($0, channels, isTrainable: false) }
  }
}
