import Foundation

/// The functions Keras calls activations, by Keras's names.
public enum ActivationFunction: String, Hashable, Sendable, CaseIterable, Codable {
  case linear, relu, sigmoid, softmax, tanh
  /// `x` above zero, `0.2 x` below: the slope of `keras.activations.leaky_relu`.
  case leakyRelu = "leaky_relu"
  /// The exact form, `x Φ(x)`, not the tanh approximation.
  case gelu

  static let leakySlope: Float = 0.2

  /// Applies the function to rows of `width` elements.
  func apply(_ input: Span<Float>, into output: inout MutableSpan<Float>, width: Int) {
    switch self {
    case .linear: map(input, into: &output) { $0 }
    case .relu: map(input, into: &output) { $0 > 0 ? $0 : 0 }
    case .sigmoid: map(input, into: &output) { Float(Self.logistic(Double($0))) }
    case .tanh: map(input, into: &output) { Float(Foundation.tanh(Double($0))) }
    case .leakyRelu: map(input, into: &output) { $0 > 0 ? $0 : $0 * Self.leakySlope }
    case .gelu: map(input, into: &output) { Float(Double($0) * Self.normalDistribution(Double($0))) }
    case .softmax:
      for start in stride(from: 0, to: input.count, by: width) {
        Self.softmax(input.extracting(start..<start + width), into: &output, at: start)
      }
    }
  }

  /// Turns the gradient by the output into the gradient by the input, in place.
  func applyGradient(
    input: Span<Float>, output: Span<Float>, gradient: inout MutableSpan<Float>, width: Int
  ) {
    switch self {
    case .linear: break
    case .relu: scale(&gradient) { output[$0] > 0 ? 1 : 0 }
    case .sigmoid: scale(&gradient) { output[$0] * (1 - output[$0]) }
    case .tanh: scale(&gradient) { 1 - output[$0] * output[$0] }
    case .leakyRelu: scale(&gradient) { input[$0] > 0 ? 1 : Self.leakySlope }
    case .gelu: scale(&gradient) { Float(Self.geluSlope(Double(input[$0]))) }
    case .softmax:
      for start in stride(from: 0, to: output.count, by: width) {
        Self.softmaxGradient(output, &gradient, start..<start + width)
      }
    }
  }

  private func map(_ input: Span<Float>, into output: inout MutableSpan<Float>, _ function: (Float) -> Float)
  {
    for index in input.indices { output[index] = function(input[index]) }
  }

  private func scale(_ gradient: inout MutableSpan<Float>, _ slope: (Int) -> Float) {
    for index in gradient.indices { gradient[index] *= slope(index) }
  }
}

extension ActivationFunction {
  static func logistic(_ value: Double) -> Double { 1 / (1 + exp(-value)) }

  private static func normalDistribution(_ value: Double) -> Double {
    0.5 * (1 + erf(value * 0.5.squareRoot()))
  }

  private static func geluSlope(_ value: Double) -> Double {
    let density = exp(-0.5 * value * value) / (2 * Double.pi).squareRoot()
    return normalDistribution(value) + value * density
  }

  /// Subtracts the row's maximum first, so that nothing overflows.
  private static func softmax(_ row: Span<Float>, into output: inout MutableSpan<Float>, at start: Int) {
    let (largest, sum) = exponentialSum(row)
    for index in row.indices {
      output[start + index] = Float(exp(Double(row[index]) - largest) / sum)
    }
  }

  /// The largest element and the sum of `exp(x - largest)`.
  static func exponentialSum(_ row: Span<Float>) -> (largest: Double, sum: Double) {
    var largest = -Float.infinity
    for index in row.indices { largest = max(largest, row[index]) }
    var sum = 0.0
    for index in row.indices { sum += exp(Double(row[index]) - Double(largest)) }
    return (Double(largest), sum)
  }

  private static func softmaxGradient(
    _ output: Span<Float>, _ gradient: inout MutableSpan<Float>, _ row: Range<Int>
  ) {
    var product = 0.0
    for index in row { product += Double(output[index]) * Double(gradient[index]) }
    for index in row { gradient[index] = output[index] * (gradient[index] - Float(product)) }
  }
}
