import Tensors

/// Which pixels of a row (or column) make each new one, and with what weights: Pillow's `precompute_coeffs`.
struct FilterWeights {
  /// One new pixel: the first old one and the weights of that and the following, 1 or more, whose sum is 1.
  struct Row {
    let start: Int
    let weights: [Double]
  }

  /// The most weights that a new pixel has.
  let capacity: Int
  /// One for each new pixel.
  let rows: [Row]

  /// - Parameter box: the old pixels to stretch over the new ones; the filter sees those beside it, too.
  /// - Precondition: the filter has a support.
  init(from oldSize: Int, _ box: Range<Int>, to newSize: Int, _ interpolation: Interpolation) {
    let scale = Double(Float(box.count)) / Double(newSize)
    let stretch = max(scale, 1)
    let support = (interpolation.support ?? 0.5) * stretch
    capacity = Int(support.rounded(.up)) * 2 + 1
    rows = (0..<newSize).map { position in
      let center = Double(box.lowerBound) + (Double(position) + 0.5) * scale
      let start = min(max(Int(center - support + 0.5), 0), oldSize - 1)
      let count = max(min(Int(center + support + 0.5), oldSize) - start, 1)
      let weights = (0..<count).map { index in
        interpolation.weight(at: (Double(start + index) - center + 0.5) * (1 / stretch))
      }
      let sum = weights.reduce(0, +)
      return Row(start: start, weights: sum == 0 ? weights : weights.map { $0 / sum })
    }
  }
}
