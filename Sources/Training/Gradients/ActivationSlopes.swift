import Catalog
import Foundation
import Kernels

extension Activation {
  /// What its slope is computed from.
  var slopeReads: BackwardReads {
    switch self {
    case .linear: []
    case .relu(_, 0, 0), .sigmoid, .softmax, .tanh, .exponential, .hardSigmoid: .output
    case .silu, .gelu, .hardSilu, .softplus, .mish, .relu, .leakyReLU, .elu, .selu, .softsign:
      [.inputs, .output]
    }
  }

  /// Writes the gradient by the input: that by the output times the function's slope, element by element.
  ///
  /// A softmax, whose elements depend on each other, is not among those this is for.
  func multiplySlopes(
    _ input: Span<Float>, _ output: Span<Float>, _ gradient: Span<Float>,
    into result: inout MutableSpan<Float>, pool: ThreadPool
  ) {
    let kernels = ElementwiseGradients(pool: pool)
    switch self {
    case .relu(let limit, 0, 0):
      // Its result lies between the limits where its input does.
      return kernels.clamp(gradient, output, 0, limit.map { Float($0) } ?? .infinity, into: &result)
    case .silu: return kernels.silu(gradient, input, into: &result)
    case .sigmoid: return kernels.sigmoid(gradient, ofResult: output, into: &result)
    default: break
    }
    let readsInput = slopeReads.contains(.inputs)
    for index in gradient.indices {
      let (x, y) = (readsInput ? Double(input[index]) : 0, Double(output[index]))
      result[index] = Float(Double(gradient[index]) * slope(x, y))
    }
  }

  /// The slope where the function takes `x` to `y`. Where there are two, at a kink, it is TensorFlow's.
  private func slope(_ x: Double, _ y: Double) -> Double {
    switch self {
    case .linear, .softmax: 1
    case .relu(let limit, let slope, let threshold):
      x > threshold ? (x < limit ?? .infinity ? 1 : 0) : slope
    case .leakyReLU(let slope): x > 0 ? 1 : slope
    case .elu(let alpha): x > 0 ? 1 : y + alpha
    case .selu: x > 0 ? Self.seluScale : y + Self.seluScale * Self.seluAlpha
    case .sigmoid: y * (1 - y)
    case .hardSigmoid(let slope): y > 0 && y < 1 ? slope : 0
    case .silu: y + logistic(x) * (1 - y)
    case .hardSilu: Self.hardSiluSlope(x)
    case .tanh: 1 - y * y
    case .gelu(approximate: false): normalDistribution(x) + x * normalDensity(x)
    case .gelu(approximate: true): Self.approximateGELUSlope(x)
    case .softplus: logistic(x)
    case .softsign: (1 - abs(y)) * (1 - abs(y))
    case .mish: Self.mishSlope(x)
    case .exponential: y
    }
  }

  private static let seluScale = 1.0507009873554805
  private static let seluAlpha = 1.6732632423543772

  /// Of `x min(max(x / 6 + 0.5, 0), 1)`.
  private static func hardSiluSlope(_ x: Double) -> Double {
    x <= -3 ? 0 : x >= 3 ? 1 : x / 3 + 0.5
  }

  /// Of `x (1 + tanh(u)) / 2` with `u = sqrt(2 / pi) (x + 0.044715 x^3)`.
  private static func approximateGELUSlope(_ x: Double) -> Double {
    let factor = (2 / Double.pi).squareRoot()
    let height = Foundation.tanh(factor * (x + 0.044715 * x * x * x))
    return 0.5 * (1 + height) + 0.5 * x * (1 - height * height) * factor * (1 + 3 * 0.044715 * x * x)
  }

  /// Of `x tanh(softplus(x))`.
  private static func mishSlope(_ x: Double) -> Double {
    let height = Foundation.tanh(max(x, 0) + log1p(exp(-abs(x))))
    return height + x * (1 - height * height) * logistic(x)
  }
}

/// `1 / (1 + e^-x)`
func logistic(_ value: Double) -> Double { 1 / (1 + exp(-value)) }

/// The part of a standard normal distribution below `value`.
private func normalDistribution(_ value: Double) -> Double { 0.5 * (1 + erf(value * 0.5.squareRoot())) }

/// How dense a standard normal distribution is at `value`.
private func normalDensity(_ value: Double) -> Double {
  exp(-0.5 * value * value) / (2 * Double.pi).squareRoot()
}
