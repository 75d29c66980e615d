/// `LayerNormalization` over the channels of each pixel: `gamma * (x - mean) / sqrt(variance + epsilon) + beta`.
package struct LayerNormalization: NormalizationOperation {
  package static let keyword = "layerNorm"
  package static let kerasClasses = ["LayerNormalization"]
  package static let settings = LayerSetting<Self>.normalization

  package var epsilon = 1e-3
  package var scale = true
  package var center = true

  package init() {}

  package init(keras: inout KerasConfiguration) {
    self.init(settingsOf: &keras)
    keras.expectLastAxis()
    keras.expect("rms_scaling", "0")
  }
}
