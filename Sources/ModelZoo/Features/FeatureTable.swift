public import Tensors
import Training

/// The features of one image.
public struct FeatureRow: Hashable, Sendable {
  /// The image, as it was named or relative to the data set's folder.
  public let file: String
  /// The index of its class; nil without classes.
  public let label: Int?
  /// `[C]` with pooling, `[H, W, C]` without.
  public let features: Tensor
}

/// Features of many images, one row each, in the order of the images.
public struct FeatureTable: Sendable {
  /// `[N, C]` with pooling, `[N, H, W, C]` without.
  public let features: Tensor
  /// The images that the rows belong to.
  public let rows: FeatureRows
  /// Images that have no row.
  public let skipped: [SkippedImage]
  /// For each row the index of its image in the data set; empty for rows of a file.
  var indices: [Int] = []
}

extension FeatureTable {
  /// Reads a feature file: a `.npy` array with the table next to it, if there is one, or `.safetensors`; or a folder of
  /// shards, all of which are finished.
  ///
  /// - Parameters:
  ///   - path: the file.
  ///   - layer: whose features to read of a file with several layers; nil for the only ones.
  /// - Throws: what opening a ``FeatureSet`` throws, and ``ModelZooError/notEnoughMemory(work:neededBytes:availableBytes:advice:)``.
  public init(contentsOf path: String, layer: String? = nil) throws {
    self = try FeatureSet(contentsOf: path, layer: layer).table()
  }
}
