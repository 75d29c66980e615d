import Datasets
import Files
import Tensors
import Training

/// The features of a part of the images, computed for training.
struct RowTable: Sendable {
  /// `[N, C]` or `[N, H, W, C]`, in memory or on the disk.
  let features: any SampleRows
  /// The images that the rows belong to.
  let rows: FeatureRows
  /// Images that have no row.
  let skipped: [SkippedImage]

  init(features: any SampleRows, rows: FeatureRows, skipped: [SkippedImage]) {
    (self.features, self.rows, self.skipped) = (features, rows, skipped)
  }

  /// Features that are there.
  init(_ set: FeatureSet) { self.init(features: set, rows: set.rows, skipped: []) }

  /// The rows as samples to learn from or to be measured on.
  var samples: SourcedSamples {
    SourcedSamples(features, .classes(rows.labels), weights: rows.weights.isEmpty ? nil : rows.weights)
  }
}

/// Takes rows as they are computed: in memory or, where they are many and there is a cache, on the disk beside it.
struct RowStore {
  private var scalars: [Float] = []
  private let file: WaitingRows?

  /// Whether so many bytes are put on the disk; nil for more than can be counted.
  static func storesOnDisk(_ byteCount: Int?, _ cache: FeatureCache?) -> Bool {
    guard let byteCount, let cache else { return false }
    return byteCount > cache.mostHeldByteCount
  }

  /// Makes room for so many bytes.
  init(byteCount: Int, beside cache: FeatureCache?) {
    if let cache, Self.storesOnDisk(byteCount, cache) {
      // A cache that cannot be written stops nothing.
      try? OutputFolder.make(cache.folder)
      file = try? WaitingRows(
        beside: cache.folder + "/features", advice: "free some space there, or train without a cache")
    } else {
      file = nil
    }
    if file == nil { scalars.reserveCapacity(byteCount / MemoryLayout<Float>.size) }
  }

  mutating func append(_ rows: [Float]) throws(FileError) {
    guard let file else {
      scalars += rows
      return
    }
    try file.append(rows)
  }

  /// All that was taken, `shape` says how much that is.
  func rows(_ shape: TensorShape) -> any SampleRows {
    if let file { StoredRows(shape, file) } else { Tensor(shape: shape, scalars: scalars) }
  }
}

/// Rows that are read from the disk each time they are trained on.
private struct StoredRows: SampleRows {
  let shape: TensorShape
  private let file: WaitingRows
  private let width: Int

  init(_ shape: TensorShape, _ file: WaitingRows) {
    (self.shape, self.file) = (shape, file)
    width = TensorShape(Array(shape.dimensions.dropFirst())).elementCount
  }

  func read(_ index: Int, into target: inout MutableSpan<Float>, at start: Int) throws(TrainingError) {
    do throws(SystemError) {
      try file.read(from: index * width, into: &target, start..<start + width)
    } catch {
      throw .lostFeatures(reason: error.reason)
    }
  }
}
