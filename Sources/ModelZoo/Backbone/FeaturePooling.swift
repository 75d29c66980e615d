import Execution

/// The global pooling over the rows and columns of the last activation `[N, H, W, C]`: Keras's `pooling` argument.
public enum FeaturePooling: String, Hashable, Sendable, CaseIterable, Codable {
  /// The mean over all positions: `[N, C]`.
  case average = "avg"
  /// The largest over all positions: `[N, C]`.
  case maximum = "max"
  /// They stay: `[N, H, W, C]`.
  case none

  var planned: Plan.Pooling {
    switch self {
    case .average: .average
    case .maximum: .maximum
    case .none: .none
    }
  }
}
