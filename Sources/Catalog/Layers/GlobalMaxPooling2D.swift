/// `GlobalMaxPooling2D`: the largest of all pixels, a channel at a time.
package struct GlobalMaxPooling2D: LayerOperation {
  package static let keyword = "globalMaxPool"
  package static let kerasClasses = ["GlobalMaxPooling2D"]

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
