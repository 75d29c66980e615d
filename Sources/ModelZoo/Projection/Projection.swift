import Files
import Reports
import TensorArchive
public import Tensors
import Training

/// Features of many images as points in the plane: images with similar features lie close together.
///
/// Nothing is random: the same features give the same points.
///
/// ```swift
/// let table = try FeatureTable(contentsOf: "features.npy")
/// try table.neighbourEmbedding().write(to: "animals.svg")
/// ```
public struct Projection: Sendable {
  /// How features become points.
  public enum Method: String, Hashable, Sendable, CaseIterable {
    /// Principal component analysis.
    case pca
    /// t-distributed stochastic neighbour embedding.
    case tsne
  }

  /// How good the projection is.
  public enum Measure: Hashable, Sendable {
    /// The fraction of the features' variance that the points keep, 0 to 1.
    case variance(Double)
    /// The Kullback-Leibler divergence between neighbours before and after; smaller is better.
    case divergence(Double)
  }

  /// How the points were made.
  public let method: Method
  /// The axes in words; empty words for axes without a meaning.
  public let axes: [String]
  /// `[N, 2]`, or `[N, 1]` where one dimension is all there is.
  public let points: Tensor
  /// What the points are.
  public let rows: FeatureRows
  /// How good it is.
  public let measure: Measure

  /// More rows than these are not embedded: exact repulsion takes N² steps, and a plot of more points shows nothing.
  public static let mostEmbeddedRows = 20_000

  /// The name of the method.
  public var title: String {
    switch method {
    case .pca: "Principal components"
    case .tsne: "t-SNE"
    }
  }

  private var places: [Point] {
    let width = points.shape[1]
    return stride(from: 0, to: points.scalars.count, by: width).map { start in
      Point(Double(points.scalars[start]), width > 1 ? Double(points.scalars[start + 1]) : 0)
    }
  }
}

extension Projection {
  /// What a projection can be written as.
  public enum Format: String, Hashable, Sendable, CaseIterable {
    /// A plot.
    case svg
    /// The points with their files and classes.
    case csv, json

    /// The format that the ending of `path` names; nil for any other ending.
    public init?(path: String) {
      guard let ending = path.split(separator: ".").last, ending.count < path.count else { return nil }
      self.init(rawValue: ending.lowercased())
    }
  }

  /// Writes a plot coloured by class, or the points, by the ending of `path`.
  ///
  /// - Throws: ``ModelZooError/projectionFormat(path:)`` for another ending, `ArchiveError` where it cannot be written.
  public func write(to path: String) throws {
    guard let format = Format(path: path) else { throw ModelZooError.projectionFormat(path: path) }
    try bytes(format).withRawSpan { bytes in try AtomicFile.write(bytes, to: path) }
  }

  private func bytes(_ format: Format) -> [UInt8] {
    switch format {
    case .svg: Array(drawing.svg().utf8)
    case .csv: Array(csv.utf8)
    case .json: Array((json.pretty + "\n").utf8)
    }
  }

  private var drawing: Drawing {
    ScatterPlot(
      title: title, xLabel: axes[0], yLabel: axes[1], points: places, labels: rows.labels,
      classes: rows.classNames
    ).drawing()
  }

  private func name(_ row: Int) -> String { rows.labels.isEmpty ? "" : rows.classNames[rows.labels[row]] }

  private var csv: String {
    let lines = places.enumerated().map { row, point in
      CSV.record([rows.files[row], name(row), "\(Float(point.x))", "\(Float(point.y))"])
    }
    return CSV.record(["file", "class", "x", "y"]) + lines.joined()
  }

  private var json: JSON {
    let lines = places.enumerated().map { row, point -> JSON in
      [
        "file": .string(rows.files[row]), "class": rows.labels.isEmpty ? .null : .string(name(row)),
        "x": JSON(Float(point.x)), "y": JSON(Float(point.y)),
      ]
    }
    return [
      "method": .string(method.rawValue), "\(measure.name)": .number(measure.value), "points": .array(lines),
    ]
  }
}

extension Projection.Measure {
  /// `variance` or `divergence`.
  public var name: String {
    switch self {
    case .variance: "variance"
    case .divergence: "divergence"
    }
  }

  /// The number.
  public var value: Double {
    switch self {
    case .variance(let value), .divergence(let value): value
    }
  }
}
