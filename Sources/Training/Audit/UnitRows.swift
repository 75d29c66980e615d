package import Kernels
package import Tensors

/// Rows of features at unit length: the product of two is their cosine similarity.
package struct UnitRows: Sendable {
  /// How many rows there are.
  package let count: Int
  let width: Int
  let scalars: [Float]

  /// Features less their mean, whitened by their covariance: what tells many images apart counts less, and what few have counts
  /// more. Of that, images that are nearly the same have nearly the same, and others have little in common.
  ///
  /// - Parameters:
  ///   - features: `[N, C]`.
  ///   - isCancelled: asked now and then; yes ends the work, and the rows mean nothing.
  /// - Complexity: O(N C² + C³); memory O(N C + C²).
  package init(whitening features: Tensor, pool: ThreadPool, isCancelled: () -> Bool = { false }) {
    let all = [Int](repeating: 0, count: features.shape[0])
    self.init(features, groups: all, shrinkage: 0.3, pool, isCancelled)
  }

  /// Features less their mean, whitened by their covariance within classes: what tells images of one class apart counts less,
  /// and what no image of a class has counts more.
  ///
  /// - Parameter labels: the class of every row, from 0.
  package init(
    whitening features: Tensor, withinClasses labels: [Int], pool: ThreadPool,
    isCancelled: () -> Bool = { false }
  ) {
    // The fewer images there are for each feature, the less is known of how they vary.
    let ratio = Double(features.shape[1]) / Double(max(1, features.shape[0]))
    self.init(features, groups: labels, shrinkage: min(1, max(0.01, 0.05 * ratio)), pool, isCancelled)
  }

  private init(
    _ features: Tensor, groups: [Int], shrinkage: Double, _ pool: ThreadPool, _ isCancelled: () -> Bool
  ) {
    (count, width) = (features.shape[0], features.shape[1])
    let whitening = Whitening(
      of: FeatureMeans(features, groups: groups).subtracted(from: features), width: width,
      shrinkage: shrinkage, pool: pool, isCancelled: isCancelled)
    let all = FeatureMeans(features, groups: [Int](repeating: 0, count: count))
    let whitened = whitening.applied(to: all.subtracted(from: features), pool: pool)
    scalars = Self.atUnitLength(whitened, width: width)
  }

  /// The cosine similarity of two rows.
  package func similarity(_ left: Int, _ right: Int) -> Float {
    let source = scalars.span
    return (0..<width).reduce(0) { $0 + source[left * width + $1] * source[right * width + $1] }
  }

  private static func atUnitLength(_ rows: [Float], width: Int) -> [Float] {
    var scalars = rows
    var span = scalars.mutableSpan
    for start in stride(from: 0, to: span.count, by: width) {
      var square = 0.0
      for index in start..<start + width { square += Double(span[index]) * Double(span[index]) }
      guard square > 0 else { continue }
      let scale = Float(1 / square.squareRoot())
      for index in start..<start + width { span[index] *= scale }
    }
    return scalars
  }
}

/// The mean features of groups of rows.
private struct FeatureMeans {
  private let means: [[Float]]
  private let groups: [Int]

  init(_ features: Tensor, groups: [Int]) {
    let (width, scalars) = (features.shape[1], features.scalars)
    let source = scalars.span
    let last = groups.max() ?? 0
    var sums = [[Double]](repeating: [Double](repeating: 0, count: width), count: last + 1)
    var counts = [Int](repeating: 0, count: last + 1)
    for (row, group) in groups.enumerated() {
      var target = sums[group].mutableSpan
      Rows.add(source.extracting(row * width..<(row + 1) * width), times: 1, to: &target)
      counts[group] += 1
    }
    means = zip(sums, counts).map { sum, count in sum.map { Float($0 / Double(max(1, count))) } }
    self.groups = groups
  }

  func subtracted(from features: Tensor) -> [Float] {
    let width = features.shape[1]
    var scalars = features.scalars
    var span = scalars.mutableSpan
    for (row, group) in groups.enumerated() {
      let mean = means[group]
      for column in 0..<width { span[row * width + column] -= mean[column] }
    }
    return scalars
  }
}
