import Tensors

/// Which pixels of a row (or column) make each new one, and with what weights, in fixed point.
///
/// Pillow's arithmetic (`Resample.c`) step by step, so that results agree to the bit.
struct ResamplingWeights {
  /// Fraction bits of a weight: 32 minus 8 for the result and 2 for filters that overshoot.
  private static let precision = 22

  /// How many new pixels there are.
  let size: Int
  /// Weights a new pixel has room for.
  let capacity: Int
  /// The first old pixel of each new one.
  let starts: [Int32]
  /// How many old pixels each new one is made of, 1 to `capacity`.
  let counts: [Int32]
  /// `capacity` weights a new pixel, zero beyond its count.
  let values: [Int32]

  /// - Parameter box: the old pixels to stretch over the new ones; the filter sees those beside it, too.
  /// - Precondition: the filter has a support.
  init(from oldSize: Int, _ box: Range<Int>? = nil, to newSize: Int, _ interpolation: Interpolation) {
    let exact = FilterWeights(from: oldSize, box ?? 0..<oldSize, to: newSize, interpolation)
    (size, capacity) = (newSize, exact.capacity)
    starts = exact.rows.map { Int32($0.start) }
    counts = exact.rows.map { Int32($0.weights.count) }
    var values = [Int32](repeating: 0, count: exact.capacity * newSize)
    for (position, row) in exact.rows.enumerated() {
      for (index, weight) in row.weights.enumerated() {
        let scaled = weight * Double(1 << Self.precision)
        values[exact.capacity * position + index] = Int32(scaled < 0 ? scaled - 0.5 : scaled + 0.5)
      }
    }
    self.values = values
  }
}
