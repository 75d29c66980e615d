/// How many numbers lie between two edges; the last bucket has its upper edge in it.
package struct HistogramBucket: Hashable, Sendable {
  package var lowerEdge: Double
  package var upperEdge: Double
  package var count: Int

  /// TensorBoard's thirty buckets of equal width from the least to the largest of `values`
  /// (`tensorboard/plugins/histogram/summary_v2.py`); numbers that are not finite are left out.
  package static func buckets(of values: [Float], count: Int = 30) -> [HistogramBucket] {
    let numbers = values.lazy.filter(\.isFinite).map(Double.init)
    guard let least = numbers.min(), let largest = numbers.max() else {
      return Array(repeating: HistogramBucket(lowerEdge: 0, upperEdge: 0, count: 0), count: count)
    }
    let width = (largest - least) / Double(count)
    var buckets = (0..<count).map { index in
      HistogramBucket(
        lowerEdge: least + width * Double(index),
        upperEdge: index == count - 1 ? largest : least + width * Double(index + 1), count: 0)
    }
    for number in numbers {
      let index = width > 0 ? Int((number - least) / width) : count - 1
      buckets[min(index, count - 1)].count += 1
    }
    return buckets
  }
}
