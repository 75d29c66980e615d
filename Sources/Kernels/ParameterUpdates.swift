import CKernels

/// The optimizers' formulas, over `range` of a parameter with the gradient of those elements.
///
/// The same bits on every machine and for any number of threads. Memory that a rule has no use for may be empty.
package enum ParameterUpdates {
  /// `w -= rate * g`
  package static func descend(
    _ values: inout [Float], _ gradient: Span<Float>, _ range: Range<Int>, rate: Float, pool: ThreadPool
  ) {
    check(gradient, range, [values.count])
    unsafe forEachPiece(of: gradient, range, pool, &values) { piece in
      unsafe kernels_descend(piece.values, piece.gradient, piece.range, rate)
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
    accumulator sums: inout [Float], pool: ThreadPool
  ) {
    check(gradient, range, [values.count, sums.count])
    unsafe forEachPiece(of: gradient, range, pool, &values, &sums) { piece in
      unsafe kernels_adagrad(piece.values, piece.gradient, piece.first, piece.range, rate, epsilon)
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
      _ values: inout [Float], _ gradient: Span<Float>, _ range: Range<Int>, momentum moments: inout [Float],
      pool: ThreadPool
    ) {
      check(gradient, range, [values.count, moments.count])
      unsafe forEachPiece(of: gradient, range, pool, &values, &moments) { [rate, momentum, nesterov] piece in
        unsafe kernels_momentum(
          piece.values, piece.gradient, piece.first, piece.range, rate, momentum, nesterov)
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
      velocity seconds: inout [Float], largest: inout [Float], pool: ThreadPool
    ) {
      check(gradient, range, [values.count, firsts.count, seconds.count])
      precondition(!settings.amsgrad || largest.count == values.count, "update: nothing to remember by")
      unsafe forEachPiece(of: gradient, range, pool, &values, &firsts, &seconds, &largest) {
        [settings] piece in
        unsafe kernels_adam(
          piece.values, piece.gradient, piece.first, piece.second, piece.third, piece.range, settings)
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
      momentum moments: inout [Float], pool: ThreadPool
    ) {
      check(gradient, range, [values.count, velocities.count])
      precondition(!settings.centered || means.count == values.count, "update: no mean to take off")
      precondition(!(settings.momentum > 0) || moments.count == values.count, "update: nothing to add to")
      unsafe forEachPiece(of: gradient, range, pool, &values, &velocities, &means, &moments) {
        [settings] piece in
        unsafe kernels_rms(
          piece.values, piece.gradient, piece.first, piece.second, piece.third, piece.range, settings)
      }
    }
  }

  /// Elements worth a task of their own.
  private static let unit = 1 << 15

  /// Calls `body` for pieces of the range; `values`, and as many memories as the rule has, are the parameter's.
  @unsafe private static func forEachPiece(
    of gradient: Span<Float>, _ range: Range<Int>, _ pool: ThreadPool, _ values: UnsafeMutablePointer<Float>,
    _ first: UnsafeMutablePointer<Float>? = nil, _ second: UnsafeMutablePointer<Float>? = nil,
    _ third: UnsafeMutablePointer<Float>? = nil, _ body: @escaping @Sendable (Piece) -> Void
  ) {
    unsafe gradient.withUnsafeBufferPointer { gradient in
      guard let slopes = gradient.baseAddress else { return }
      let whole = unsafe Piece(
        values: values, gradient: slopes, first: first, second: second, third: third,
        range: kernels_range(range))
      pool.forEachRange(range.count, unit: unit) { part, _ in
        var piece = unsafe whole
        unsafe piece.gradient = whole.gradient + part.lowerBound
        unsafe piece.range = kernels_range(
          range.lowerBound + part.lowerBound..<range.lowerBound + part.upperBound)
        unsafe body(piece)
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

/// A part of a parameter that one thread changes: the arrays are whole, the gradient begins with the range.
@unsafe private struct Piece: @unchecked Sendable {
  var values: UnsafeMutablePointer<Float>
  var gradient: UnsafePointer<Float>
  var first: UnsafeMutablePointer<Float>?
  var second: UnsafeMutablePointer<Float>?
  var third: UnsafeMutablePointer<Float>?
  var range: kernels_range
}

extension kernels_range {
  fileprivate init(_ range: Range<Int>) { self.init(start: range.lowerBound, end: range.upperBound) }
}
