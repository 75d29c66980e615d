import Catalog
import Foundation

extension Activation {
  /// The function of one number, by its definition; a softmax, which is none, counts as linear.
  func callAsFunction(_ x: Float) -> Float {
    switch self {
    case .linear, .softmax: x
    case .relu(let limit, let slope, let threshold):
      x >= Float(threshold)
        ? min(x, limit.map { Float($0) } ?? .infinity) : Float(slope) * (x - Float(threshold))
    case .leakyReLU(let slope): x > 0 ? x : Float(slope) * x
    case .elu(let alpha): x > 0 ? x : Float(alpha) * expm1(x)
    case .selu: 1.0507010 * (x > 0 ? x : 1.6732632 * expm1(x))
    case .sigmoid: 1 / (1 + exp(-x))
    case .hardSigmoid(let slope): min(max(Float(slope) * x + 0.5, 0), 1)
    case .silu: x / (1 + exp(-x))
    case .hardSilu: x * min(max(x / 6 + 0.5, 0), 1)
    case .tanh: Foundation.tanh(x)
    case .gelu(approximate: false): 0.5 * x * erfc(-x * 0.70710678)
    case .gelu(approximate: true): 0.5 * x * (1 + Foundation.tanh(0.79788456 * (x + 0.044715 * x * x * x)))
    case .softplus: max(x, 0) + log1p(exp(-abs(x)))
    case .softsign: x / (abs(x) + 1)
    case .mish: x * Foundation.tanh(max(x, 0) + log1p(exp(-abs(x))))
    case .exponential: exp(x)
    }
  }
}
