/// `ReLU`: `x` above `threshold` and up to `maxValue`, `negativeSlope * (x - threshold)` below.
package struct ReLU: ActivationOperation {
  package static let keyword = "relu"
  package static let kerasClasses = ["ReLU"]
  package static let settings: [LayerSetting<Self>] = [
    LayerSetting("maxValue", keras: "max_value", .limit, \.maxValue, isOptional: true),
    LayerSetting("negativeSlope", keras: "negative_slope", .number, \.negativeSlope, isOptional: true),
    LayerSetting("threshold", keras: "threshold", .number, \.threshold, isOptional: true),
  ]

  /// Nothing gets larger; nil for no limit.
  package var maxValue: Double?
  package var negativeSlope = 0.0
  package var threshold = 0.0

  package init() {}

  package var activation: Activation {
    .relu(maxValue: maxValue, negativeSlope: negativeSlope, threshold: threshold)
  }
}
