/// The optimizers' formulas, element by element and without bounds checks: the loops touch every parameter in
/// every step. Callers make sure that `values` and the memory hold `start + gradient.count` elements.
enum UpdateRules {
  /// `w -= rate * g`
  static func descend(_ values: inout [Float], _ gradient: Span<Float>, _ start: Int, rate: Float) {
    var values = values.mutableSpan
    for index in gradient.indices {
      unsafe values[unchecked: start + index] -= rate * gradient[unchecked: index]
    }
  }

  /// `m = momentum * m - rate * g; w += m`, or with Nesterov's look ahead `w += momentum * m - rate * g`.
  struct Momentum {
    private let rate: Float
    private let momentum: Float
    private let nesterov: Bool

    init(rate: Double, momentum: Double, nesterov: Bool) {
      self.rate = Float(rate)
      self.momentum = Float(momentum)
      self.nesterov = nesterov
    }

    func update(
      _ values: inout [Float], _ gradient: Span<Float>, _ start: Int, momentum moments: inout [Float]
    ) {
      var values = values.mutableSpan
      var moments = moments.mutableSpan
      for index in gradient.indices {
        let place = start + index
        let step = unsafe rate * gradient[unchecked: index]
        let moment = unsafe moments[unchecked: place] * momentum - step
        unsafe moments[unchecked: place] = moment
        unsafe values[unchecked: place] += nesterov ? moment * momentum - step : moment
      }
    }
  }

  /// `m += (g - m)(1 - beta1); v += (g² - v)(1 - beta2); w -= alpha m / (sqrt(v) + epsilon)` with
  /// `alpha = rate sqrt(1 - beta2ᵗ) / (1 - beta1ᵗ)`; AMSGrad has the largest `v` of all steps in place of `v`.
  struct Adam {
    private let alpha: Float
    private let firstDecay: Float
    private let secondDecay: Float
    private let epsilon: Float
    private let remembersLargest: Bool

    init(
      rate: Double, beta1: Double, beta2: Double, epsilon: Double, remembersLargest: Bool, iteration: Int
    ) {
      let firstBias = 1 - UpdateRules.power(beta1, iteration)
      let secondBias = 1 - UpdateRules.power(beta2, iteration)
      alpha = Float(rate * secondBias.squareRoot() / firstBias)
      firstDecay = Float(1 - beta1)
      secondDecay = Float(1 - beta2)
      self.epsilon = Float(epsilon)
      self.remembersLargest = remembersLargest
    }

    func update(
      _ values: inout [Float], _ gradient: Span<Float>, _ start: Int, momentum firsts: inout [Float],
      velocity seconds: inout [Float], largest: inout [Float]
    ) {
      var values = values.mutableSpan
      var firsts = firsts.mutableSpan
      var seconds = seconds.mutableSpan
      var largest = largest.mutableSpan
      for index in gradient.indices {
        let place = start + index
        let slope = unsafe gradient[unchecked: index]
        var first = unsafe firsts[unchecked: place]
        var second = unsafe seconds[unchecked: place]
        first += (slope - first) * firstDecay
        second += (slope * slope - second) * secondDecay
        unsafe firsts[unchecked: place] = first
        unsafe seconds[unchecked: place] = second
        if remembersLargest {
          second = unsafe max(largest[unchecked: place], second)
          unsafe largest[unchecked: place] = second
        }
        unsafe values[unchecked: place] -= first * alpha / (second.squareRoot() + epsilon)
      }
    }
  }

  /// `base` to a power that counts steps.
  fileprivate static func power(_ base: Double, _ exponent: Int) -> Double {
    var (result, factor, left) = (1.0, base, exponent)
    while left > 0 {
      if left & 1 == 1 { result *= factor }
      factor *= factor
      left >>= 1
    }
    return result
  }
}

extension UpdateRules {
  /// `v = rho v + (1 - rho) g²; w -= rate g / sqrt(v + epsilon)`; centred, the mean gradient's square is taken
  /// off `v`; with momentum the increments accumulate first.
  struct RootMeanSquare {
    private let rate: Float
    private let rho: Float
    private let rest: Float
    private let momentum: Float
    private let epsilon: Float
    private let isCentered: Bool

    init(rate: Double, rho: Double, momentum: Double, epsilon: Double, isCentered: Bool) {
      self.rate = Float(rate)
      self.rho = Float(rho)
      rest = Float(1 - rho)
      self.momentum = Float(momentum)
      self.epsilon = Float(epsilon)
      self.isCentered = isCentered
    }

    func update(
      _ values: inout [Float], _ gradient: Span<Float>, _ start: Int, velocity velocities: inout [Float],
      averageGradient means: inout [Float], momentum moments: inout [Float]
    ) {
      var values = values.mutableSpan
      var velocities = velocities.mutableSpan
      var means = means.mutableSpan
      var moments = moments.mutableSpan
      for index in gradient.indices {
        let place = start + index
        let slope = unsafe gradient[unchecked: index]
        let velocity = unsafe rho * velocities[unchecked: place] + rest * slope * slope
        unsafe velocities[unchecked: place] = velocity
        var spread = velocity
        if isCentered {
          let mean = unsafe rho * means[unchecked: place] + rest * slope
          unsafe means[unchecked: place] = mean
          spread -= mean * mean
        }
        var increment = rate * slope / (spread + epsilon).squareRoot()
        if momentum > 0 {
          increment += unsafe momentum * moments[unchecked: place]
          unsafe moments[unchecked: place] = increment
        }
        unsafe values[unchecked: place] -= increment
      }
    }
  }
}

extension UpdateRules {
  /// `a += g²; w -= rate g / sqrt(a + epsilon)`
  static func accumulate(
    _ values: inout [Float], _ gradient: Span<Float>, _ start: Int, rate: Float, epsilon: Float,
    accumulator sums: inout [Float]
  ) {
    var values = values.mutableSpan
    var sums = sums.mutableSpan
    for index in gradient.indices {
      let slope = unsafe gradient[unchecked: index]
      let sum = unsafe sums[unchecked: start + index] + slope * slope
      unsafe sums[unchecked: start + index] = sum
      unsafe values[unchecked: start + index] -= rate * slope / (sum + epsilon).squareRoot()
    }
  }

  /// `w -= w * part` for the elements in `range`.
  static func decay(_ values: inout [Float], _ range: Range<Int>, by part: Float) {
    var values = values.mutableSpan
    for index in range { unsafe values[unchecked: index] -= values[unchecked: index] * part }
  }

  /// The gradient with every element brought within plus and minus `limit`.
  static func clipped(_ gradient: Span<Float>, to limit: Float) -> [Float] {
    gradient.indices.map { min(max(gradient[$0], -limit), limit) }
  }
}
