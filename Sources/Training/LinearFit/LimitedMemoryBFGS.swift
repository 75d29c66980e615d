/// Finds the lowest point of a smooth function: L-BFGS (Nocedal, 1980; Liu and Nocedal, 1989).
struct LimitedMemoryBFGS {
  /// The largest slope at which the search ends.
  let tolerance: Double
  /// Steps after which it gives up.
  let maximumIterations: Int

  /// Steps the curvature is estimated from.
  private static let memory = 10

  typealias Function = ([Double]) throws(TrainingError) -> (value: Double, gradient: [Double])

  /// Where a search ended.
  struct End {
    var point: [Double]
    var value: Double
    var gradient: [Double]
    var iterations = 0

    /// The largest slope by any coordinate; infinite where a slope is not a number.
    var largestSlope: Double {
      gradient.reduce(0) { $1.isNaN ? .infinity : max($0, abs($1)) }
    }
  }

  /// A step that was taken, and how the gradient changed over it.
  private struct Pair {
    let step: [Double]
    let change: [Double]
    let product: Double
  }

  /// - Parameter isCancelled: asked before every step; yes ends the search where it is.
  /// - Throws: what `function` throws.
  func minimize(
    from start: [Double], isCancelled: () -> Bool = { false }, _ function: Function
  ) throws(TrainingError) -> End {
    let first = try function(start)
    var place = End(point: start, value: first.value, gradient: first.gradient)
    var pairs: [Pair] = []
    while place.largestSlope > tolerance, place.value.isFinite, place.iterations < maximumIterations,
      !isCancelled()
    {
      let direction = Self.direction(place.gradient, pairs)
      guard var next = try LineSearch(place, direction, isFirst: pairs.isEmpty).search(function) else {
        // Steepest descent may still get on where the estimate cannot; after that, rounding has the last word.
        if pairs.isEmpty { break }
        pairs = []
        continue
      }
      next.iterations = place.iterations + 1
      let step = Vectors.difference(next.point, place.point)
      let change = Vectors.difference(next.gradient, place.gradient)
      let product = Vectors.dot(step, change)
      if product > 0 { pairs.append(Pair(step: step, change: change, product: product)) }
      if pairs.count > Self.memory { pairs.removeFirst() }
      place = next
    }
    return place
  }

  /// Minus the inverse Hessian's estimate times the gradient: the two-loop recursion.
  private static func direction(_ gradient: [Double], _ pairs: [Pair]) -> [Double] {
    var direction = gradient.map { -$0 }
    var factors: [Double] = []
    for pair in pairs.reversed() {
      let factor = Vectors.dot(pair.step, direction) / pair.product
      Vectors.add(pair.change, times: -factor, to: &direction)
      factors.append(factor)
    }
    if let last = pairs.last {
      let scale = last.product / Vectors.dot(last.change, last.change)
      for index in direction.indices { direction[index] *= scale }
    }
    for (pair, factor) in zip(pairs, factors.reversed()) {
      let correction = factor - Vectors.dot(pair.change, direction) / pair.product
      Vectors.add(pair.step, times: correction, to: &direction)
    }
    return direction
  }
}

/// Looks along a direction for a point that lies lower and is less steep (Wolfe's conditions), by doubling and
/// bisection (Lewis and Overton, 2013).
private struct LineSearch {
  private let start: LimitedMemoryBFGS.End
  private let direction: [Double]
  private let slope: Double
  private let firstLength: Double

  private static let descent = 1e-4
  private static let curvature = 0.9
  /// Attempts after which only rounding is left.
  private static let attempts = 60

  init(_ start: LimitedMemoryBFGS.End, _ direction: [Double], isFirst: Bool) {
    self.start = start
    self.direction = direction
    slope = Vectors.dot(start.gradient, direction)
    firstLength = isFirst ? min(1, 1 / Vectors.dot(direction, direction).squareRoot()) : 1
  }

  func search(_ function: LimitedMemoryBFGS.Function) throws(TrainingError) -> LimitedMemoryBFGS.End? {
    guard slope < 0 else { return nil }
    let rounding = abs(start.value) * 1e-15
    var (low, high, length) = (0.0, Double.infinity, firstLength)
    for _ in 0..<Self.attempts {
      var point = start.point
      Vectors.add(direction, times: length, to: &point)
      let (value, gradient) = try function(point)
      if !(value <= start.value + Self.descent * length * slope + rounding) {
        high = length
      } else if Vectors.dot(gradient, direction) < Self.curvature * slope {
        low = length
      } else {
        return LimitedMemoryBFGS.End(point: point, value: value, gradient: gradient)
      }
      length = high.isFinite ? (low + high) / 2 : 2 * low
    }
    return nil
  }
}

/// Sums over long vectors, from the first element to the last.
private enum Vectors {
  static func dot(_ left: [Double], _ right: [Double]) -> Double {
    var sum = 0.0
    for index in left.indices { sum += left[index] * right[index] }
    return sum
  }

  static func difference(_ left: [Double], _ right: [Double]) -> [Double] {
    left.indices.map { left[$0] - right[$0] }
  }

  static func add(_ vector: [Double], times factor: Double, to target: inout [Double]) {
    for index in vector.indices { target[index] += vector[index] * factor }
  }
}
