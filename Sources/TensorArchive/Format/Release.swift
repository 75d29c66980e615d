/// This release of the package; CHANGELOG.md says what is in it.
public enum Release {
  /// Semantic version.
  public static let version = "0.2.0"
  /// What files written by this release name as their producer.
  public static let producer = "model-zoo \(version)"
}
