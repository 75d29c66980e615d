import Execution

/// The global pooling over the rows and columns of the last activation `[N, H, W, C]`: Keras's `pooling` argument.
public enum FeaturePooling: String, Hashable, Sendable, CaseIterable, Codable {
  /// The mean over all positions: `[N, C]`.
  case average = "avg"
  /// The largest over all positions: `[N, C]`.
  case maximum = "max"
  /// They stay: `[N, H, W, C]`.
  case none
  /// As the classifier in the archive reads the features; the mean where there is none, or where it reads all of them.
  case automatic = "auto"

  var planned: Plan.Pooling {
    switch self {
    case .average, .automatic: .average
    case .maximum: .maximum
    case .none: .none
    }
  }
}
