/// How far two arrays are apart, element by element.
package struct Closeness: CustomStringConvertible {
  private let found: [Float]
  private let expected: [Float]
  package let largestMagnitude: Double

  package init(_ found: [Float], _ expected: [Float]) {
    self.found = found
    self.expected = expected
    largestMagnitude = expected.reduce(0) { max($0, abs(Double($1))) }
  }

  /// The largest difference; infinity where there is a NaN on one side only.
  package var largestError: Double { found.isEmpty ? 0 : worst(.exactly).error }

  /// Whether counts agree and every element is within the tolerance. A NaN is never within anything.
  package func isWithin(_ tolerance: Tolerance) -> Bool {
    found.count == expected.count && worst(tolerance).excess <= 0
  }

  /// The same for no element off by more than `relative` times the largest expected magnitude plus `absolute`.
  package func isWithin(relative: Double, absolute: Double = 0) -> Bool {
    isWithin(Tolerance(absolute: absolute, ofLargest: relative))
  }

  /// The element that is furthest beyond what `tolerance` grants it, or nearest to that.
  private func worst(_ tolerance: Tolerance) -> (index: Int, error: Double, excess: Double) {
    var worst = (index: 0, error: 0.0, excess: -Double.infinity)
    for (index, (found, expected)) in zip(found, expected).enumerated() {
      let difference = abs(Double(found) - Double(expected))
      let error = difference.isNaN ? Double.infinity : difference
      let excess = error - tolerance.granted(Double(expected), largest: largestMagnitude)
      if !(excess <= worst.excess) { worst = (index, error, excess) }
    }
    return worst
  }

  package var description: String {
    guard found.count == expected.count, !found.isEmpty else {
      return "counts \(found.count) and \(expected.count)"
    }
    return "furthest off: \(element(worst(.exactly).index)); furthest off for its size: "
      + "\(element(worst(.features).index)); largest magnitude \(largestMagnitude)"
  }

  private func element(_ index: Int) -> String {
    "[\(index)], expected \(expected[index]), found \(found[index])"
  }
}

/// How far an element may be off: the sum of three parts.
package struct Tolerance {
  /// In units of the values.
  package var absolute: Double
  /// As a part of the largest expected magnitude.
  package var ofLargest: Double
  /// As a part of the expected element itself.
  package var ofEach: Double

  package init(absolute: Double = 0, ofLargest: Double = 0, ofEach: Double = 0) {
    (self.absolute, self.ofLargest, self.ofEach) = (absolute, ofLargest, ofEach)
  }

  package static let exactly = Tolerance()
  /// What features computed in `float32` are held to: most features are thousands of times smaller than the largest,
  /// and a bound on that alone would let any error of theirs pass.
  package static let features = Tolerance(ofLargest: 1e-5, ofEach: 1e-4)

  /// What features from kernels rounded to `float16` (a part in 2,048) are held to.
  package static let float16Features = Tolerance(ofLargest: 4e-4, ofEach: 4e-3)
  /// What features from kernels rounded to `bfloat16` (a part in 256) are held to.
  package static let bfloat16Features = Tolerance(ofLargest: 3.2e-3, ofEach: 3.2e-2)

  func granted(_ expected: Double, largest: Double) -> Double {
    absolute + ofLargest * largest + ofEach * abs(expected)
  }
}
