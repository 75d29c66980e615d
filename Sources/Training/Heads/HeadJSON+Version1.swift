import Catalog

/// A layer of a head as release 0.1.0 wrote it, which went by Keras's automatic names; only read.
///
/// ```json
/// {"activation":"softmax","kind":"dense","units":4,"use_bias":true}
/// ```
struct LayerOfVersion1: Decodable {
  private var kind: String
  private var units: Int?
  private var activation: String?
  private var useBias: Bool?
  private var rate: Double?
  private var kernelInitializer: Initializer?
  private var biasInitializer: Initializer?
  private var l1: Double?
  private var l2: Double?
  private var biasL1: Double?
  private var biasL2: Double?
  private var momentum: Double?
  private var epsilon: Double?
  private var center: Bool?
  private var scale: Bool?

  private enum CodingKeys: String, CodingKey {
    case kind, units, activation, rate, l1, l2, momentum, epsilon, center, scale
    case useBias = "use_bias"
    case kernelInitializer = "kernel_initializer"
    case biasInitializer = "bias_initializer"
    case biasL1 = "bias_l1"
    case biasL2 = "bias_l2"
  }

  func headLayer() throws(TrainingError) -> HeadLayer {
    switch kind {
    case "dense": return try dense().headLayer
    case "batch_normalization":
      return BatchNormalization(
        momentum: try required(momentum, "momentum"), epsilon: try required(epsilon, "epsilon"),
        center: try required(center, "center"), scale: try required(scale, "scale")
      ).headLayer
    case "dropout": return Dropout(try required(rate, "rate")).headLayer
    case "flatten": return Flatten().headLayer
    case "global_average_pooling2d": return GlobalAveragePooling2D().headLayer
    case "global_max_pooling2d": return GlobalMaxPooling2D().headLayer
    case "unit_normalization": return UnitNormalization().headLayer
    case "activation": return try function().headLayer
    default: throw .malformedHead(reason: "expected a kind of layer this version knows, found '\(kind)'")
    }
  }

  private func dense() throws(TrainingError) -> Dense {
    Dense(
      try required(units, "units"), activation: try function(),
      useBias: try required(useBias, "use_bias"), kernelInitializer: kernelInitializer ?? .glorotUniform,
      biasInitializer: biasInitializer ?? .zeros,
      kernelRegularizer: Regularizer(l1: l1 ?? 0, l2: l2 ?? 0),
      biasRegularizer: Regularizer(l1: biasL1 ?? 0, l2: biasL2 ?? 0))
  }

  private func required<Value>(_ value: Value?, _ name: String) throws(TrainingError) -> Value {
    guard let value else {
      throw .malformedHead(reason: "expected '\(name)' in the \(kind) layer, found none")
    }
    return value
  }

  private func function() throws(TrainingError) -> Activation {
    let name = try required(activation, "activation")
    guard let function = Activation(kerasName: name) else {
      throw .malformedHead(reason: "expected an activation this version knows, found '\(name)'")
    }
    return function
  }
}
