import CKernels

/// The optimizers' formulas, over `range` of a parameter with the gradient of those elements.
///
/// The same bits on every machine. Memory that a rule has no use for may be empty.
package enum ParameterUpdates {
  /// `w -= rate * g`
  package static func descend(
    _ values: inout [Float], _ gradient: Span<Float>, _ range: Range<Int>, rate: Float
  ) {
    check(gradient, range, [values.count])
    unsafe gradient.withUnsafeBufferPointer {
      unsafe kernels_descend(&values, $0.baseAddress, kernels_range(range), rate)
    }
  }

  /// `w -= w * part`
  package static func decay(_ values: inout [Float], _ range: Range<Int>, by part: Float) {
    precondition(range.upperBound <= values.count, "update: beyond the parameter")
    unsafe kernels_decay(&values, kernels_range(range), part)
  }

  /// `a += g²; w -= rate g / sqrt(a + epsilon)`
  package static func accumulate(
    _ values: inout [Float], _ gradient: Span<Float>, _ range: Range<Int>, rate: Float, epsilon: Float,
    accumulator sums: inout [Float]
  ) {
    check(gradient, range, [values.count, sums.count])
    unsafe gradient.withUnsafeBufferPointer {
      unsafe kernels_adagrad(&values, $0.baseAddress, &sums, kernels_range(range), rate, epsilon)
    }
  }

  /// `m = momentum * m - rate * g; w += m`, or with Nesterov's look ahead `w += momentum * m - rate * g`.
  package struct Momentum {
    private let rate: Float
    private let momentum: Float
    private let nesterov: Bool

    package init(rate: Double, momentum: Double, nesterov: Bool) {
      self.rate = Float(rate)
      self.momentum = Float(momentum)
      self.nesterov = nesterov
    }

    package func update(
      _ values: inout [Float], _ gradient: Span<Float>, _ range: Range<Int>, momentum moments: inout [Float]
    ) {
      check(gradient, range, [values.count, moments.count])
      unsafe gradient.withUnsafeBufferPointer {
        unsafe kernels_momentum(
          &values, $0.baseAddress, &moments, kernels_range(range), rate, momentum, nesterov)
      }
    }
  }

  /// `m += (g - m)(1 - beta1); v += (g² - v)(1 - beta2); w -= alpha m / (sqrt(v) + epsilon)` with
  /// `alpha = rate sqrt(1 - beta2ᵗ) / (1 - beta1ᵗ)`; AMSGrad has the largest `v` of all steps in place of `v`.
  package struct Adam {
    private let settings: kernels_adam_settings

    package init(
      rate: Double, beta1: Double, beta2: Double, epsilon: Double, remembersLargest: Bool, iteration: Int
    ) {
      let firstBias = 1 - ParameterUpdates.power(beta1, iteration)
      let secondBias = 1 - ParameterUpdates.power(beta2, iteration)
      settings = kernels_adam_settings(
        alpha: Float(rate * secondBias.squareRoot() / firstBias), first_decay: Float(1 - beta1),
        second_decay: Float(1 - beta2), epsilon: Float(epsilon), amsgrad: remembersLargest)
    }

    package func update(
      _ values: inout [Float], _ gradient: Span<Float>, _ range: Range<Int>, momentum firsts: inout [Float],
      velocity seconds: inout [Float], largest: inout [Float]
    ) {
      check(gradient, range, [values.count, firsts.count, seconds.count])
      precondition(!settings.amsgrad || largest.count == values.count, "update: nothing to remember by")
      unsafe gradient.withUnsafeBufferPointer {
        unsafe kernels_adam(
          &values, $0.baseAddress, &firsts, &seconds, &largest, kernels_range(range), settings)
      }
    }
  }

  /// `v = rho v + (1 - rho) g²; w -= rate g / sqrt(v + epsilon)`; centred, the mean gradient's square is taken
  /// off `v`; with momentum the increments accumulate first.
  package struct RootMeanSquare {
    private let settings: kernels_rms_settings

    package init(rate: Double, rho: Double, momentum: Double, epsilon: Double, isCentered: Bool) {
      settings = kernels_rms_settings(
        rate: Float(rate), rho: Float(rho), rest: Float(1 - rho), momentum: Float(momentum),
        epsilon: Float(epsilon), centered: isCentered)
    }

    package func update(
      _ values: inout [Float], _ gradient: Span<Float>, _ range: Range<Int>,
      velocity velocities: inout [Float], averageGradient means: inout [Float],
      momentum moments: inout [Float]
    ) {
      check(gradient, range, [values.count, velocities.count])
      precondition(!settings.centered || means.count == values.count, "update: no mean to take off")
      precondition(!(settings.momentum > 0) || moments.count == values.count, "update: nothing to add to")
      unsafe gradient.withUnsafeBufferPointer {
        unsafe kernels_rms(
          &values, $0.baseAddress, &velocities, &means, &moments, kernels_range(range), settings)
      }
    }
  }

  private static func check(_ gradient: Span<Float>, _ range: Range<Int>, _ counts: [Int]) {
    precondition(
      gradient.count == range.count && range.lowerBound >= 0 && counts.allSatisfy { range.upperBound <= $0 },
      "update: \(gradient.count) slopes for \(range) of \(counts) elements")
  }

  /// `base` to a power that counts steps.
  private static func power(_ base: Double, _ exponent: Int) -> Double {
    var (result, factor, left) = (1.0, base, exponent)
    while left > 0 {
      if left & 1 == 1 { result *= factor }
      factor *= factor
      left >>= 1
    }
    return result
  }
}

extension kernels_range {
  fileprivate init(_ range: Range<Int>) { self.init(start: range.lowerBound, end: range.upperBound) }
}
