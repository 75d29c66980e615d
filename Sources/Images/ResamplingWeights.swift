/// Which pixels of a row (or column) make each new one, and with what weights, in fixed point.
///
/// Pillow's arithmetic (`Resample.c`) step by step, so that results agree to the bit.
struct ResamplingWeights {
  /// Fraction bits of a weight: 32 minus 8 for the result and 2 for filters that overshoot.
  static let precision: Int32 = 22

  /// Weights a new pixel has room for.
  let capacity: Int
  /// The first old pixel of each new one.
  private(set) var starts: [Int] = []
  /// How many old pixels each new one is made of, at most `capacity`.
  private(set) var counts: [Int] = []
  /// `capacity` weights a new pixel, zero beyond its count.
  private(set) var weights: [Int32] = []

  /// - Precondition: the filter has a support.
  init(from oldSize: Int, to newSize: Int, _ interpolation: Interpolation) {
    let scale = Double(Float(oldSize)) / Double(newSize)
    let stretch = max(scale, 1)
    let support = (interpolation.support ?? 0.5) * stretch
    capacity = Int(support.rounded(.up)) * 2 + 1
    weights.reserveCapacity(capacity * newSize)
    for position in 0..<newSize {
      let center = (Double(position) + 0.5) * scale
      let start = max(Int(center - support + 0.5), 0)
      let end = min(Int(center + support + 0.5), oldSize)
      let row = (start..<end).map {
        interpolation.weight(at: (Double($0) - center + 0.5) * (1 / stretch))
      }
      starts.append(start)
      counts.append(row.count)
      append(row)
    }
  }

  private mutating func append(_ row: [Double]) {
    let sum = row.reduce(0, +)
    for weight in row {
      let scaled = (sum == 0 ? weight : weight / sum) * Double(1 << Self.precision)
      weights.append(Int32(scaled < 0 ? scaled - 0.5 : scaled + 0.5))
    }
    for _ in row.count..<capacity { weights.append(0) }
  }
}
