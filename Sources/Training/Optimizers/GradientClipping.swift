import Tensors

extension GradientClipping {
  /// Whether a stretch of a gradient cannot be clipped before the rest is known.
  var needsWholeGradients: Bool { if case .value = self { false } else { true } }

  /// Lets `state` take its step by gradients brought to their largest length.
  func apply(_ gradients: [[Float]], _ state: inout OptimizerState, _ values: inout [[Float]]) {
    let squares = gradients.map { Self.squaredNorm($0.span) }
    for (index, gradient) in gradients.enumerated() where !gradient.isEmpty {
      let factor = factor(squares[index], squares.reduce(0, +))
      let clipped = factor == 1 ? gradient : gradient.map { $0 * Float(factor) }
      state.consume(clipped.span, range: 0..<clipped.count, parameter: index, values: &values[index])
    }
  }

  /// What the gradient of one parameter is multiplied by.
  private func factor(_ own: Double, _ all: Double) -> Double {
    switch self {
    case .value: 1
    case .norm(let limit): limit / max(own.squareRoot(), limit)
    case .globalNorm(let limit): limit / max(all.squareRoot(), limit)
    }
  }

  private static func squaredNorm(_ gradient: Span<Float>) -> Double {
    var sum = 0.0
    for index in gradient.indices { sum += Double(gradient[index]) * Double(gradient[index]) }
    return sum
  }
}
