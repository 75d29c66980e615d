/// `GroupNormalization` of groups of channels over all pixels of an image:
/// `gamma * (x - mean) / sqrt(variance + epsilon) + beta`.
package struct GroupNormalization: LayerOperation {
  package static let keyword = "groupNorm"
  package static let kerasClasses = ["GroupNormalization"]
  package static let settings: [LayerSetting<Self>] = [
    LayerSetting("groups", keras: "groups", .countOrAll, \.groups),
    LayerSetting("epsilon", keras: "epsilon", .positive, \.epsilon, defaults: \.epsilon),
    LayerSetting("scale", keras: "scale", .flag, \.scale, defaults: \.scale),
    LayerSetting("center", keras: "center", .flag, \.center, defaults: \.center),
  ]

  /// How many groups the channels make; -1 where each is one of its own.
  package var groups = 32
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

  package func outputShape(of inputs: [ActivationShape]) throws(ShapeProblem) -> ActivationShape {
    let channels = try inputs[0].knownChannels()
    guard groups == -1 || channels % groups == 0 else {
      throw ShapeProblem(
        problem: "its \(groups) groups do not divide \(channels) channels without a remainder")
    }
    return inputs[0]
  }

  package func parameters(of inputs: [ActivationShape]) throws(ShapeProblem) -> [ParameterDeclaration] {
    let channels = [try inputs[0].knownChannels()]
    return (scale ? [ParameterDeclaration("gamma", channels)] : [])
      + (center ? [ParameterDeclaration("beta", channels)] : [])
  }

  package func view(of inputs: ReceptiveView) -> ReceptiveView? { nil }
}
