/// `LayerNormalization` over the channels of each pixel: `gamma * (x - mean) / sqrt(variance + epsilon) + beta`.
package struct LayerNormalization: LayerOperation {
  package static let keyword = "layerNorm"
  package static let kerasClasses = ["LayerNormalization"]
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
    keras.expect("rms_scaling", "0")
  }

  package func outputShape(of inputs: [ActivationShape]) throws(ShapeProblem) -> ActivationShape { inputs[0] }

  package func parameters(of inputs: [ActivationShape]) throws(ShapeProblem) -> [ParameterDeclaration] {
    let channels = [try inputs[0].knownChannels()]
    return (scale ? [ParameterDeclaration("gamma", channels)] : [])
      + (center ? [ParameterDeclaration("beta", channels)] : [])
  }
}
