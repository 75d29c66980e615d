/// `GlobalAveragePooling2D`: the mean of all pixels, a channel at a time.
package struct GlobalAveragePooling2D: LayerOperation {
  package static let keyword = "globalAveragePool"
  package static let kerasClasses = ["GlobalAveragePooling2D"]

  package init() {}

  package init(keras: inout KerasConfiguration) {
    self.init(settingsOf: &keras)
    keras.expect("keepdims", "0")
  }

  package func outputShape(of inputs: [ActivationShape]) throws(ShapeProblem) -> ActivationShape {
    _ = try inputs[0].spatial()
    return ActivationShape([inputs[0].channels])
  }

  package func view(of inputs: ReceptiveView) -> ReceptiveView? { nil }
}
