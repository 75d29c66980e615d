/// `BatchNormalization` over channels with stored statistics:
/// `gamma * (x - moving_mean) / sqrt(moving_variance + epsilon) + beta`.
package struct BatchNormalization: NormalizationOperation {
  package static let keyword = "batchNorm"
  package static let kerasClasses = ["BatchNormalization", "SyncBatchNormalization", "BatchNormalizationV1"]
  package static let settings = LayerSetting<Self>.normalization

  package var epsilon = 1e-3
  package var scale = true
  package var center = true

  package init() {}

  package init(keras: inout KerasConfiguration) {
    self.init(settingsOf: &keras)
    keras.expectLastAxis()
    // Of Keras 1, whose other modes compute with the statistics of a batch.
    keras.expect("mode", "0")
  }

  package func parameters(of inputs: [ActivationShape]) throws(ShapeProblem) -> [ParameterDeclaration] {
    let channels = [try inputs[0].knownChannels()]
    return try scaleAndCenter(inputs)
      + ["moving_mean", "moving_variance"].map { ParameterDeclaration($0, channels, isTrainable: false) }
  }
}
