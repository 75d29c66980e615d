/// `GroupNormalization` of groups of channels over all pixels of an image:
/// `gamma * (x - mean) / sqrt(variance + epsilon) + beta`.
package struct GroupNormalization: NormalizationOperation {
  package static let keyword = "groupNorm"
  package static let kerasClasses = ["GroupNormalization"]
  package static let settings: [LayerSetting<Self>] =
    [LayerSetting("groups", keras: "groups", .countOrAll, \.groups)] + LayerSetting.normalization

  /// How many groups the channels make; -1 where each is one of its own.
  package var groups = 32
  package var epsilon = 1e-3
  package var scale = true
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

  package func view(of inputs: ReceptiveView) -> ReceptiveView? { nil }
}
