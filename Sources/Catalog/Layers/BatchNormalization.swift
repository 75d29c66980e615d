/// `BatchNormalization` over channels with stored statistics:
/// `gamma * (x - moving_mean) / sqrt(moving_variance + epsilon) + beta`.
package struct BatchNormalization: NormalizationOperation {
  package static let keyword = "batchNorm"
  package static let kerasClasses = ["BatchNormalization", "SyncBatchNormalization", "BatchNormalizationV1"]
  package static let settings =
    LayerSetting<Self>.normalization
    + [LayerSetting("momentum", keras: nil, .numberIfAny, \.momentum, isOptional: true)]

  package var epsilon = 1e-3
  package var scale = true
  package var center = true
  /// How much of a moving average stays in a step of training; nil for Keras's default of 0.99. No answer depends on it.
  package var momentum: Double?

  package init() {}

  package init(keras: inout KerasConfiguration) {
    self.init(settingsOf: &keras)
    keras.expectLastAxis()
    // Of Keras 1, whose other modes compute with the statistics of a batch.
    keras.expect("mode", "0")
    if let momentum = keras["momentum"]?.number, momentum.isFinite, momentum != Self.usualMomentum {
      self.momentum = momentum
    }
  }

  /// Keras's default.
  static let usualMomentum = 0.99

  package func describe(in keras: inout KerasMembers, reading input: ActivationShape) {
    describeSettings(in: &keras)
    if let momentum { keras.add("momentum", .number(momentum)) }
  }

  package var atInference: any LayerOperation {
    var operation = self
    operation.momentum = nil
    return operation
  }

  package func parameters(of inputs: [ActivationShape]) throws(ShapeProblem) -> [ParameterDeclaration] {
    let channels = [try inputs[0].knownChannels()]
    return try scaleAndCenter(inputs)
      + ["moving_mean", "moving_variance"].map { ParameterDeclaration($0, channels, isTrainable: false) }
  }
}
