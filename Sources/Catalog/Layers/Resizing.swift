/// `Resizing`: an image of a size of its own, whatever comes in; rows and columns are stretched, each for itself.
package struct Resizing: LayerOperation {
  package static let keyword = "resizing"
  package static let kerasClasses = ["Resizing"]
  package static let settings: [LayerSetting<Self>] = [
    LayerSetting("height", keras: "height", .count, \.height),
    LayerSetting("width", keras: "width", .count, \.width),
    LayerSetting("interpolation", keras: "interpolation", .spelling, \.interpolation),
  ]

  package var height = 1
  package var width = 1
  /// Where pixels come from, as in TensorFlow's `resize` without antialiasing.
  package var interpolation = UpSampling2D.Interpolation.bilinear

  package init() {}

  package init(keras: inout KerasConfiguration) {
    self.init(settingsOf: &keras)
    keras.expect("crop_to_aspect_ratio", "0")
    keras.expect("pad_to_aspect_ratio", "0")
    keras.expect("antialias", "0")
  }

  package func outputShape(of inputs: [ActivationShape]) throws(ShapeProblem) -> ActivationShape {
    _ = try inputs[0].spatial()
    return ActivationShape([height, width, inputs[0].channels])
  }
}
