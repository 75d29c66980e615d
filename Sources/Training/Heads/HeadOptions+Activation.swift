import Catalog

extension Activation {
  /// As a head's text writes it: Keras's name, with those parameters that are not the ones the name stands for:
  /// `leaky_relu(negative_slope=0.3)`.
  var text: String {
    if self == .relu(maxValue: 6) { return "relu6" }
    guard self != Activation(kerasName: kerasName) else { return kerasName }
    return "\(kerasName)(\(parameters.map { "\($0.0)=\($0.1)" }.joined(separator: ", ")))"
  }

  private var parameters: [(String, String)] {
    switch self {
    case .relu(let limit, let slope, let threshold):
      (limit.map { [("max_value", "\($0)")] } ?? [])
        + (slope == 0 ? [] : [("negative_slope", "\(slope)")])
        + (threshold == 0 ? [] : [("threshold", "\(threshold)")])
    case .leakyReLU(let slope): [("negative_slope", "\(slope)")]
    case .elu(let alpha): [("alpha", "\(alpha)")]
    case .hardSigmoid(let slope): [("slope", "\(slope)")]
    case .gelu(let approximate): [("approximate", "\(approximate)")]
    case .linear, .selu, .sigmoid, .silu, .hardSilu, .tanh, .softplus, .softsign, .mish, .exponential,
      .softmax:
      []
    }
  }
}

extension HeadOptions {
  /// The activation with the parameters that stand between the parentheses.
  func parameterized(_ function: Activation) throws(TrainingError) -> Activation {
    switch function {
    case .relu(let limit, let slope, let threshold):
      let values = try bound(to: ["max_value", "negative_slope", "threshold"])
      return .relu(
        maxValue: try parameter(values["max_value"]) ?? limit,
        negativeSlope: try parameter(values["negative_slope"]) ?? slope,
        threshold: try parameter(values["threshold"]) ?? threshold)
    case .leakyReLU(let slope):
      return .leakyReLU(
        negativeSlope: try parameter(try bound(to: ["negative_slope"])["negative_slope"]) ?? slope)
    case .elu(let alpha): return .elu(alpha: try parameter(try bound(to: ["alpha"])["alpha"]) ?? alpha)
    case .hardSigmoid(let slope):
      return .hardSigmoid(slope: try parameter(try bound(to: ["slope"])["slope"]) ?? slope)
    case .gelu(let approximate):
      return .gelu(approximate: try flag(try bound(to: ["approximate"])["approximate"]) ?? approximate)
    case .linear, .selu, .sigmoid, .silu, .hardSilu, .tanh, .softplus, .softsign, .mish, .exponential,
      .softmax:
      _ = try bound(to: [])
      return function
    }
  }

  private func parameter(_ token: HeadToken?) throws(TrainingError) -> Double? {
    try number(token, "a number of 0 or more")
  }
}
