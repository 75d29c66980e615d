public import Tensors

/// How two files are compared.
public struct ComparisonOptions: Hashable, Sendable {
  /// Up to where two values count as equal.
  public var tolerance: Tolerance
  /// Whether both networks compute features of generated pictures, where they can be run.
  public var comparesFeatures: Bool
  /// What the pictures are drawn from.
  public var seed: UInt64

  /// Makes options; the defaults find every difference.
  public init(tolerance: Tolerance = .none, comparesFeatures: Bool = true, seed: UInt64 = 0) {
    (self.tolerance, self.comparesFeatures, self.seed) = (tolerance, comparesFeatures, seed)
  }
}

/// What happens while files are compared.
public enum ComparisonEvent: Hashable, Sendable {
  /// So many of both files' values were read.
  case values(done: Int, total: Int)
}
