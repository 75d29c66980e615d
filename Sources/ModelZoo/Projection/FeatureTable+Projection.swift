import Reports
import Tensors
import Training

extension FeatureTable {
  /// The two directions in which the features differ most.
  ///
  /// - Throws: `TrainingError` for fewer than two rows, for features that are not finite, and where points lie too far apart to be told.
  public func principalComponents() throws -> Projection {
    let components = try PrincipalComponents(of: features, count: 2)
    let points = components.project(features)
    guard points.scalars.allSatisfy(\.isFinite) else {
      throw TrainingError.setting(
        name: "features", expected: "numbers that differ by at most \(Float.greatestFiniteMagnitude)",
        found: "others that differ by more; divide them all by a number first")
    }
    let ratios = components.varianceRatios
    let axes = (0..<2).map { index in
      let share = index < ratios.count ? fixed(ratios[index] * 100, decimals: 1) : "0.0"
      return "component \(index + 1), \(share) % of the variance"
    }
    return Projection(
      method: .pca, axes: axes, points: points, rows: rows,
      measure: .variance(ratios.reduce(0, +)))
  }

  /// Points whose neighbours are the features' (t-SNE).
  ///
  /// - Parameters:
  ///   - perplexity: roughly the number of neighbours of an image; nil for 30, fewer for few images.
  ///   - steps: the number of optimisation steps.
  ///   - progress: told of every step.
  /// - Throws: ``ModelZooError/tooManyRows(limit:found:)`` beyond ``Projection/mostEmbeddedRows``, `TrainingError` for
  ///   a perplexity that does not suit the number of rows.
  /// - Complexity: O(steps × N²).
  public func neighbourEmbedding(
    perplexity: Double? = nil, steps: Int = 1000, progress: () -> Void = {}
  ) throws -> Projection {
    let count = rows.files.count
    guard count <= Projection.mostEmbeddedRows else {
      throw ModelZooError.tooManyRows(limit: Projection.mostEmbeddedRows, found: count)
    }
    let fallback = min(30, max(1, (Double(count) - 1) / 3))
    let embedding = try NeighbourEmbedding(
      of: features, perplexity: perplexity ?? fallback, steps: steps, progress: progress)
    return Projection(
      method: .tsne, axes: ["", ""], points: embedding.points, rows: rows,
      measure: .divergence(embedding.divergence))
  }
}
