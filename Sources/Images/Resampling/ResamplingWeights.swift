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
  private(set) var starts: [Int32] = []
  /// How many old pixels each new one is made of, 1 to `capacity`.
  private(set) var counts: [Int32] = []
  /// `capacity` weights a new pixel, zero beyond its count.
  private(set) var values: [Int32]

  /// - Parameter box: the old pixels to stretch over the new ones; the filter sees those beside it, too.
  /// - Precondition: the filter has a support.
  init(from oldSize: Int, _ box: Range<Int>? = nil, to newSize: Int, _ interpolation: Interpolation) {
    size = newSize
    let box = box ?? 0..<oldSize
    let scale = Double(Float(box.count)) / Double(newSize)
    let stretch = max(scale, 1)
    let support = (interpolation.support ?? 0.5) * stretch
    capacity = Int(support.rounded(.up)) * 2 + 1
    values = [Int32](repeating: 0, count: capacity * newSize)
    var row = [Double](repeating: 0, count: capacity)
    for position in 0..<newSize {
      let center = Double(box.lowerBound) + (Double(position) + 0.5) * scale
      let start = min(max(Int(center - support + 0.5), 0), oldSize - 1)
      let count = max(min(Int(center + support + 0.5), oldSize) - start, 1)
      for index in 0..<count {
        row[index] = interpolation.weight(at: (Double(start + index) - center + 0.5) * (1 / stretch))
      }
      starts.append(Int32(start))
      counts.append(Int32(count))
      store(row, count: count, at: capacity * position)
    }
  }

  private mutating func store(_ row: [Double], count: Int, at offset: Int) {
    var sum = 0.0
    for index in 0..<count { sum += row[index] }
    for index in 0..<count {
      let scaled = (sum == 0 ? row[index] : row[index] / sum) * Double(1 << Self.precision)
      values[offset + index] = Int32(scaled < 0 ? scaled - 0.5 : scaled + 0.5)
    }
  }
}
