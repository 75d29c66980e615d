/// How far two arrays are apart, element by element.
package struct Closeness: CustomStringConvertible {
  package var largestError: Double = 0
  package var worstIndex = 0
  package var largestMagnitude: Double = 0
  package var counts: (Int, Int)

  package init(_ actual: [Float], _ expected: [Float]) {
    counts = (actual.count, expected.count)
    for (index, (found, wanted)) in zip(actual, expected).enumerated() {
      let error = abs(Double(found) - Double(wanted))
      largestMagnitude = max(largestMagnitude, abs(Double(wanted)))
      guard error > largestError || error.isNaN else { continue }
      (largestError, worstIndex) = (error.isNaN ? .infinity : error, index)
    }
  }

  /// Whether counts agree and no element is off by more than `relative` times the largest expected magnitude
  /// plus `absolute`. A NaN is never within anything.
  package func isWithin(relative: Double, absolute: Double = 0) -> Bool {
    counts.0 == counts.1 && largestError <= absolute + relative * largestMagnitude
  }

  package var description: String {
    "largest error \(largestError) at [\(worstIndex)], largest magnitude \(largestMagnitude), counts \(counts)"
  }
}
