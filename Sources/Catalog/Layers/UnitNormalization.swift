/// `UnitNormalization` over channels: every pixel's channels at length 1, that is `x / sqrt(sum(x^2))`.
package struct UnitNormalization: LayerOperation {
  package static let keyword = "unitNorm"
  package static let kerasClasses = ["UnitNormalization"]

  package init() {}

  package init(keras: inout KerasConfiguration) {
    self.init(settingsOf: &keras)
    keras.expectLastAxis()
  }

  package func outputShape(of inputs: [ActivationShape]) throws(ShapeProblem) -> ActivationShape { inputs[0] }
}
