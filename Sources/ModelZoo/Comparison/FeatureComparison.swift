import Datasets
import Foundation
import Images
public import Tensors

/// What two networks give for the same generated pictures.
public enum FeatureComparison: Hashable, Sendable {
  /// Both were run on so many pictures.
  case compared(pictures: Int, shape: TensorShape, ValueDifference)
  /// Both were run, and the features of an image have two shapes.
  case otherShapes(TensorShape, TensorShape)
  /// One of the two cannot be run, or both: why, in a sentence.
  case notRun(reason: String)
  /// They were not asked for.
  case notAsked

  /// How far apart features may be as a share of the largest, whatever the tolerance: two graphs that compute the same can add in
  /// another order.
  public static let rounding = 1e-5

  /// The largest difference as a share of the largest feature; nil where features were not compared.
  public var largestShare: Double? {
    guard case .compared(_, _, let values) = self else { return nil }
    return values.largest == 0 ? 0 : values.largest / max(values.largestMagnitude, .leastNormalMagnitude)
  }

  /// Whether no features were found to differ: by more than the tolerance, or ``rounding``, of the largest.
  public func isEqual(within tolerance: Tolerance) -> Bool {
    switch self {
    case .notRun, .notAsked: true
    case .otherShapes: false
    case .compared(_, _, let values):
      values.notFinite == 0
        && values.largest
          <= tolerance.absolute + max(tolerance.relative, Self.rounding) * values.largestMagnitude
    }
  }

  /// What to say of it beside tensors; nil for nothing.
  var words: String? {
    switch self {
    case .notAsked: nil
    case .notRun: "features were not compared"
    case .otherShapes(let first, let second): "features have the shapes \(first) and \(second)"
    case .compared(let pictures, _, let values):
      values.isEqual
        ? "equal features of \(pictures) generated pictures"
        : values.notFinite > 0
          ? "features of \(pictures) generated pictures are not finite in one alone"
          : "features of \(pictures) generated pictures differ by \(Self.share(largestShare ?? 0)) of the largest"
    }
  }

  private static func share(_ share: Double) -> String {
    // Three digits are what anybody reads of it.
    share >= 0.001 ? "\((share * 1e5).rounded() / 1e3) %" : String(format: "%.1e", share)
  }
}

extension FeatureComparison {
  /// Runs both networks, one after the other, on a picture of each kind.
  ///
  /// - Throws: `CancellationError`: what cannot be run is a finding.
  init(_ first: ComparedFile, _ second: ComparedFile, seed: UInt64, _ cancellation: Cancellation) throws {
    var pictures: [Bitmap] = []
    func draw(for backbone: Backbone) -> [Bitmap] {
      if pictures.isEmpty { pictures = Self.pictures(for: backbone, seed: seed) }
      return pictures
    }
    let one = try first.features(of: draw, cancellation)
    let other = one.features == nil ? one : try second.features(of: draw, cancellation)
    guard let own = one.features, let others = other.features else {
      self = .notRun(reason: other.problem ?? "")
      return
    }
    let shapes = [own, others].map { TensorShape(Array($0.shape.dimensions.dropFirst())) }
    guard shapes[0] == shapes[1] else {
      self = .otherShapes(shapes[0], shapes[1])
      return
    }
    var values = ValueDifference()
    values.add(
      own.scalars.map(Double.init), others.scalars.map(Double.init), count: own.scalars.count, .none)
    self = .compared(pictures: pictures.count, shape: shapes[0], values)
  }

  /// As large as the network's images, so that it resizes none.
  private static func pictures(for backbone: Backbone, seed: UInt64) -> [Bitmap] {
    let drawing = SyntheticImages(seed: seed)
    return SyntheticImages.Pattern.allCases.map {
      drawing.bitmap($0, index: 0, width: backbone.inputShape[1], height: backbone.inputShape[0])
    }
  }
}
