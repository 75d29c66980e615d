public import Images
public import Tensors

/// A picture that was left out, and why.
public struct SkippedPicture: Hashable, Sendable {
  /// The file.
  public let path: String
  /// Why it is no picture.
  public let error: ImageError
}

/// Features of many pictures, one row each, in the order of the pictures.
public struct FeatureTable: Sendable {
  /// `[N, C]` with pooling, `[N, H, W, C]` without.
  public let features: Tensor
  /// What the rows are.
  public let rows: FeatureRows
  /// Pictures that have no row.
  public let skipped: [SkippedPicture]
}
