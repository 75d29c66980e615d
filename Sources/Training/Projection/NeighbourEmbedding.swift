import Foundation
package import Kernels
public import Tensors

/// A map of samples in two dimensions that keeps neighbours together: t-SNE (van der Maaten and Hinton 2008).
///
/// The settings are scikit-learn's `TSNE`: the start is the first two principal components, the learning rate
/// follows the number of samples, early exaggeration is 12 for 250 of the steps. Attraction is among nearest
/// neighbours, repulsion is exact. Nothing is random; the same bits for any number of threads.
public struct NeighbourEmbedding: Sendable {
  /// Where the samples are, `[N, 2]`.
  public let points: Tensor
  /// The Kullback-Leibler divergence between the neighbourhoods and the map, 0 or more; smaller is better.
  public let divergence: Double

  /// The number of principal components that features are reduced to first, where they have more.
  public static let reducedWidth = 50

  /// Lays out `features` `[N, ...]`, whose other axes count as one.
  ///
  /// - Parameters:
  ///   - features: a row a sample; more than ``reducedWidth`` of them are reduced first.
  ///   - perplexity: about how many neighbours a sample has; less than N.
  ///   - steps: the number of optimisation steps.
  ///   - progress: told of every step that was taken.
  /// - Throws: ``TrainingError/setting(name:expected:found:)`` for numbers that make no sense together.
  /// - Complexity: O(N²) a step.
  public init(
    of features: Tensor, perplexity: Double = 30, steps: Int = 1000, progress: () -> Void = {}
  ) throws(TrainingError) {
    try self.init(of: features, perplexity: perplexity, steps: steps, pool: .shared, progress: progress)
  }

  package init(
    of features: Tensor, perplexity: Double, steps: Int, pool: ThreadPool, progress: () -> Void = {}
  ) throws(TrainingError) {
    let samples = features.shape.dimensions.first ?? 0
    guard perplexity >= 1, perplexity < Double(samples) else {
      throw .setting(
        name: "perplexity", expected: "1 up to but not including the \(samples) samples",
        found: "\(perplexity)")
    }
    guard steps >= 1 else { throw .setting(name: "steps", expected: "1 or more", found: "\(steps)") }
    let scale = try FeatureScale(features.scalars, samples: samples)
    let features = Tensor(shape: features.shape, scalars: scale.scaled(features.scalars))
    let components = try PrincipalComponents(of: features, count: Self.reducedWidth)
    let width = features.scalars.count / samples
    let reduced = components.project(features)
    let kept = components.variances.count
    let affinities = Affinities(
      width > kept ? reduced.scalars : features.scalars, width: width > kept ? kept : width,
      perplexity: perplexity, pool: pool)
    let start = Self.start(reduced.scalars, width: kept)
    var descent = EmbeddingDescent(affinities, start: start, pool: pool)
    descent.run(steps: min(steps, 250), momentum: 0.5, exaggeration: 12, progress)
    descent.run(steps: max(0, steps - 250), momentum: 0.8, exaggeration: 1, progress)
    divergence = descent.divergence()
    guard divergence.isFinite, descent.points.allSatisfy({ abs($0.x) < 1e30 && abs($0.y) < 1e30 }) else {
      throw .setting(
        name: "perplexity", expected: "one with which points stay together", found: "\(perplexity)")
    }
    points = Tensor(
      shape: TensorShape([samples, 2]), scalars: descent.points.flatMap { [Float($0.x), Float($0.y)] })
  }

  /// The first two components, tiny: the first has a deviation of 1e-4.
  private static func start(_ scores: [Float], width: Int) -> [SIMD2<Double>] {
    let points = stride(from: 0, to: scores.count, by: width).map { row in
      SIMD2(Double(scores[row]), width > 1 ? Double(scores[row + 1]) : 0)
    }
    let square = points.reduce(0) { $0 + $1.x * $1.x } / Double(points.count)
    return points.map { $0 * (square > 0 ? 1e-4 / square.squareRoot() : 1) }
  }
}

/// Gradient descent with momentum and a gain for every coordinate.
package struct EmbeddingDescent {
  package private(set) var points: [SIMD2<Double>]
  private let affinities: Affinities
  private let pool: ThreadPool
  private let learningRate: Double
  private var velocities: [SIMD2<Double>]
  private var gains: [SIMD2<Double>]

  package init(_ affinities: Affinities, start: [SIMD2<Double>], pool: ThreadPool) {
    self.affinities = affinities
    self.pool = pool
    points = start
    learningRate = max(Double(start.count) / 48, 50)
    velocities = start.map { _ in .zero }
    gains = start.map { _ in .one }
  }

  package mutating func run(
    steps: Int, momentum: Double, exaggeration: Double, _ progress: () -> Void = {}
  ) {
    velocities = points.map { _ in .zero }
    gains = points.map { _ in .one }
    for _ in 0..<steps {
      let gradient = gradient(exaggeration: exaggeration)
      for index in points.indices {
        let speedsUp = velocities[index] * gradient[index] .< 0
        let gain = (gains[index] * 0.8).replacing(with: gains[index] + 0.2, where: speedsUp)
        gains[index] = gain.clamped(
          lowerBound: SIMD2(repeating: 0.01), upperBound: SIMD2(repeating: .greatestFiniteMagnitude))
        velocities[index] = momentum * velocities[index] - learningRate * gains[index] * gradient[index]
        points[index] += velocities[index]
      }
      progress()
    }
  }

  /// The divergence's gradient by every point.
  package func gradient(exaggeration: Double) -> [SIMD2<Double>] {
    let repulsion = Repulsion(points, pool: pool)
    let scale = 1 / max(repulsion.sum, .leastNormalMagnitude)
    return points.indices.map { index in
      var attraction = SIMD2<Double>.zero
      for place in affinities.starts[index]..<affinities.starts[index + 1] {
        let gap = points[index] - points[affinities.neighbours[place]]
        attraction += affinities.weights[place] * exaggeration / (1 + (gap * gap).sum()) * gap
      }
      return 4 * (attraction - repulsion.forces[index] * scale)
    }
  }

  /// The Kullback-Leibler divergence of the map from the affinities.
  package func divergence() -> Double {
    let sum = max(Repulsion(points, pool: pool).sum, .leastNormalMagnitude)
    var divergence = 0.0
    for index in points.indices {
      for place in affinities.starts[index]..<affinities.starts[index + 1] {
        let gap = points[index] - points[affinities.neighbours[place]]
        let likeness = 1 / (1 + (gap * gap).sum()) / sum
        let weight = affinities.weights[place]
        divergence += weight * log(max(weight, 1e-300) / max(likeness, 1e-300))
      }
    }
    return divergence
  }
}

/// What every point does to every other: `sum` of the likenesses `q = 1 / (1 + d²)` and forces `Σ q² (y - y')`.
private struct Repulsion {
  private(set) var sum = 0.0
  private(set) var forces: [SIMD2<Double>] = []

  private typealias Lane = SIMD8<Float>

  init(_ points: [SIMD2<Double>], pool: ThreadPool) {
    let columns = Self.lanes(points.map { Float($0.x) })
    let rows = Self.lanes(points.map { Float($0.y) })
    let parts = pool.mapping(points.count) { index in
      Self.force(on: index, columns, rows)
    }
    forces = parts.map(\.force)
    sum = parts.reduce(0) { $0 + $1.sum }
  }

  private static func force(
    on index: Int, _ columns: [Lane], _ rows: [Lane]
  ) -> (force: SIMD2<Double>, sum: Double) {
    let own = (block: index / Lane.scalarCount, lane: index % Lane.scalarCount)
    let point = SIMD2(columns[own.block][own.lane], rows[own.block][own.lane])
    var (sum, x, y) = (Lane.zero, Lane.zero, Lane.zero)
    for block in columns.indices {
      let (dx, dy) = (point.x - columns[block], point.y - rows[block])
      var likeness = 1 / (1 + dx * dx + dy * dy)
      // Its likeness to itself, 1, would drown that to points far away.
      if block == own.block { likeness[own.lane] = 0 }
      let square = likeness * likeness
      sum += likeness
      x += square * dx
      y += square * dy
    }
    return (SIMD2(Double(x.sum()), Double(y.sum())), Double(sum.sum()))
  }

  /// The numbers eight at a time; what is missing at the end is too far away to matter.
  private static func lanes(_ numbers: [Float]) -> [Lane] {
    stride(from: 0, to: numbers.count, by: Lane.scalarCount).map { start in
      var lane = Lane(repeating: 1e18)
      for offset in 0..<min(Lane.scalarCount, numbers.count - start) {
        lane[offset] = numbers[start + offset]
      }
      return lane
    }
  }
}
