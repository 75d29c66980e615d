import Kernels
import Randomness
public import Tensors

/// The directions along which features vary most: principal component analysis of the features as they are, only
/// centred, as scikit-learn's `PCA` has it.
///
/// Found by subspace iteration with a Rayleigh-Ritz step, so that neither many features nor many samples need a
/// square matrix of them. Nothing is random; the same bits for any number of threads.
public struct PrincipalComponents: Sendable {
  /// The mean of every feature.
  public let mean: [Float]
  /// `[components, features]`: unit vectors, the one along which features vary most first. Of a vector and its
  /// opposite it is the one whose largest element is positive.
  public let components: Tensor
  /// The variance along each component, with N - 1 in the denominator.
  public let variances: [Double]
  /// The variance of all features together.
  public let totalVariance: Double
  /// How many steps of the iteration it took.
  package let stepCount: Int
  private let scale: FeatureScale

  /// Analyses `features` `[N, ...]`, whose other axes count as one.
  ///
  /// - Parameters:
  ///   - features: a row a sample.
  ///   - count: how many components; fewer where there are fewer features, or samples less one, which their mean takes.
  /// - Throws: ``TrainingError/setting(name:expected:found:)`` for fewer than two samples and features that are not
  ///   finite.
  public init(of features: Tensor, count: Int) throws(TrainingError) {
    let samples = features.shape.dimensions.first ?? 0
    guard samples >= 2, count >= 1, features.shape.elementCount > 0 else {
      throw .setting(name: "features", expected: "2 samples or more", found: "\(samples)")
    }
    scale = try FeatureScale(features.scalars, samples: samples)
    let centred = Centred(scale.scaled(features.scalars), samples: samples)
    let search = SubspaceSearch(centred, wanted: min(count, centred.width, samples - 1))
    let (unit, square) = (scale.unit, scale.square)
    mean = centred.mean.map { $0 * unit }
    totalVariance = centred.totalVariance * square
    variances = search.variances.map { $0 * square }
    stepCount = search.stepCount
    components = Tensor(
      shape: TensorShape([search.variances.count, centred.width]),
      scalars: search.vectors.flatMap { vector in
        let largest = vector.max { abs($0) < abs($1) } ?? 1
        return vector.map { Float(largest < 0 ? -$0 : $0) }
      })
  }

  /// The part of all variance that lies along each component.
  public var varianceRatios: [Double] {
    variances.map { totalVariance > 0 ? $0 / totalVariance : 0 }
  }

  /// Where `features` `[N, ...]` lie along the components: `[N, components]`; infinite where no `Float` is so large.
  ///
  /// - Precondition: as many features a sample as were analysed.
  public func project(_ features: Tensor) -> Tensor {
    let width = mean.count
    let samples = features.scalars.count / width
    precondition(samples * width == features.scalars.count, "PCA: \(features.shape) is not [N, \(width)]")
    var centred = features.scalars
    for index in centred.indices {
      centred[index] = centred[index] / scale.unit - mean[index % width] / scale.unit
    }
    let count = variances.count
    let scalars = matrixMultiply(
      centred, components.scalars, rightOrientation: .transposed, rows: samples, columns: count, depth: width)
    return Tensor(shape: TensorShape([samples, count]), scalars: scalars.map { $0 * scale.unit })
  }
}

/// Features without their mean, as rows and as columns.
private struct Centred {
  let samples: Int
  let width: Int
  let mean: [Float]
  let totalVariance: Double
  private let rows: [Float]
  private let columns: [Float]

  init(_ scalars: [Float], samples: Int) {
    self.samples = samples
    width = scalars.count / samples
    var sums = [Double](repeating: 0, count: width)
    for (index, value) in scalars.enumerated() { sums[index % width] += Double(value) }
    mean = sums.map { Float($0 / Double(samples)) }
    var rows = scalars
    var columns = [Float](repeating: 0, count: scalars.count)
    var square = 0.0
    for index in rows.indices {
      let (row, column) = (index / width, index % width)
      let value = Double(scalars[index]) - sums[column] / Double(samples)
      square += value * value
      rows[index] = Float(value)
      columns[column * samples + row] = Float(value)
    }
    self.rows = rows
    self.columns = columns
    totalVariance = square / Double(samples - 1)
  }

  /// The covariance of all features times `vectors`, each of `width` elements.
  func covariance(times vectors: [[Double]]) -> [[Double]] {
    let count = vectors.count
    var block = [Float](repeating: 0, count: width * count)
    for (column, vector) in vectors.enumerated() {
      for row in 0..<width { block[row * count + column] = Float(vector[row]) }
    }
    let scores = matrixMultiply(rows, block, rows: samples, columns: count, depth: width)
    let product = matrixMultiply(columns, scores, rows: width, columns: count, depth: samples)
    return (0..<count).map { column in
      (0..<width).map { Double(product[$0 * count + column]) / Double(samples - 1) }
    }
  }
}

/// Subspace iteration: multiplies a few vectors by the covariance until the space they span stays the same.
private struct SubspaceSearch {
  private(set) var vectors: [[Double]]
  private(set) var variances: [Double] = []
  private(set) var stepCount = 0

  /// Vectors beyond those wanted; the more, the faster the wanted ones settle.
  private static let spare = 14
  private static let mostSteps = 500
  /// The squared sine of the angle a wanted vector may still turn by.
  private static let tolerance = 1e-12
  /// Where single precision lets no vector settle so well, the search ends after so many steps that bring nothing.
  private static let patience = 5
  private static let settled = 1e-6
  /// The part of the largest variance below which, in single precision, a direction is any direction: where features depend on
  /// each other, or samples are copies, there are fewer directions than wanted, and the others never settle.
  private static let noise = 1e-7

  init(_ features: Centred, wanted: Int) {
    let count = min(wanted + Self.spare, features.width)
    var generator = SplitMix64(seed: 0)
    let start = (0..<count).map { _ in (0..<features.width).map { _ in generator.nextUnit() - 0.5 } }
    vectors = start.orthonormalized()
    var (least, idleSteps) = (Double.infinity, 0)
    while stepCount < Self.mostSteps {
      stepCount += 1
      let product = features.covariance(times: vectors)
      let ritz = SymmetricMatrix(vectors.map { left in product.map { left.dot($0) } }).decomposed()
      variances = ritz.map { max(0, $0.value) }
      let rotated = ritz.map { pair in product.combined(pair.vector) }.orthonormalized()
      let meant = variances.prefix(wanted).count { $0 > Self.noise * variances[0] }
      let turned = zip(vectors, rotated).prefix(meant).map { former, now in
        max(0, former.dot(former) - former.dot(now) * former.dot(now))
      }
      vectors = rotated
      let turn = turned.max() ?? 0
      idleSteps = turn < least / 2 ? 0 : idleSteps + 1
      least = min(least, turn)
      if turn < Self.tolerance || (least < Self.settled && idleSteps >= Self.patience) { break }
    }
    vectors = Array(vectors.prefix(wanted))
    variances = Array(variances.prefix(wanted))
  }
}

extension [Double] {
  fileprivate func dot(_ other: [Double]) -> Double {
    var sum = 0.0
    for index in indices { sum += self[index] * other[index] }
    return sum
  }
}

extension [[Double]] {
  /// The sum of the vectors, each times its coefficient.
  fileprivate func combined(_ coefficients: [Double]) -> [Double] {
    var sum = [Double](repeating: 0, count: first?.count ?? 0)
    for (vector, coefficient) in zip(self, coefficients) {
      for index in sum.indices { sum[index] += vector[index] * coefficient }
    }
    return sum
  }

  /// Gram and Schmidt, twice; a vector that depends on those before it becomes zero.
  fileprivate func orthonormalized() -> [[Double]] {
    var result: [[Double]] = []
    for var vector in self {
      let length = vector.dot(vector).squareRoot()
      for _ in 0..<2 {
        for former in result {
          let share = former.dot(vector)
          for index in vector.indices { vector[index] -= share * former[index] }
        }
      }
      let rest = vector.dot(vector).squareRoot()
      let scale = rest > length * 1e-9 && rest > 1e-150 ? 1 / rest : 0
      result.append(vector.map { $0 * scale })
    }
    return result
  }
}
