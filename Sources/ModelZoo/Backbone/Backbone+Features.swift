public import Datasets
import Images
import Tensors

/// How features are computed; none of it changes them.
public struct ExtractionOptions: Sendable {
  /// Pictures decoded and run at a time.
  public var batchSize: Int
  /// What to do about a file that is no readable picture.
  public var onBadImage: BadImagePolicy
  /// Told after each batch how many more pictures are done.
  public var progress: @Sendable (_ pictures: Int) -> Void
  /// Where features are kept and found again; nil to compute them all.
  public var cache: FeatureCache?
  /// Told at the end what the cache was good for.
  public var cacheUsed: @Sendable (_ use: CacheUse) -> Void

  /// Keras's batch size; unreadable pictures are left out and listed.
  public init(
    batchSize: Int = 32, onBadImage: BadImagePolicy = .skip,
    progress: @escaping @Sendable (_ pictures: Int) -> Void = { _ in }, cache: FeatureCache? = nil,
    cacheUsed: @escaping @Sendable (_ use: CacheUse) -> Void = { _ in }
  ) {
    self.cache = cache
    self.cacheUsed = cacheUsed
    self.batchSize = batchSize
    self.onBadImage = onBadImage
    self.progress = progress
  }
}

extension Backbone {
  /// The features of pictures, all in memory: `4 * N * featureShape.elementCount` bytes.
  ///
  /// - Throws: `ImageError` for the first unreadable picture where the options say so,
  ///   ``ModelZooError/nothingReadable(count:first:)``.
  public func features(
    of pictures: Dataset, options: ExtractionOptions = ExtractionOptions()
  ) throws -> FeatureTable {
    try features(of: pictures, variants: .plain, options: options)
  }

  /// The features of pictures in several variants each, one row after the other.
  public func features(
    of pictures: Dataset, variants: PictureVariants, options: ExtractionOptions = ExtractionOptions()
  ) throws -> FeatureTable {
    var scalars: [Float] = []
    scalars.reserveCapacity(pictures.items.count * variants.numbers.count * featureShape.elementCount)
    let (rows, skipped) = try forEachBatch(of: pictures, variants, options: options) { scalars += $0 }
    let shape = TensorShape([rows.files.count] + featureShape.dimensions)
    return FeatureTable(features: Tensor(shape: shape, scalars: scalars), rows: rows, skipped: skipped)
  }

  /// Writes the features of pictures to a `.npy` or `.safetensors` file, row by row, in constant memory.
  ///
  /// - Returns: the rows that were written and the pictures that were left out.
  /// - Throws: ``FeatureFileError/unknownEnding(path:)`` before anything is read; nothing is written on an error.
  public func writeFeatures(
    of pictures: Dataset, to path: String, options: ExtractionOptions = ExtractionOptions(),
    variants: PictureVariants = .plain
  ) throws -> (rows: FeatureRows, skipped: [SkippedPicture]) {
    let format = try FeatureFile.format(of: path)
    var outcome = (rows: FeatureRows(), skipped: [SkippedPicture]())
    try format.write(to: path, rowShape: featureShape.dimensions, candidates: variants.rows(of: pictures)) {
      append in
      outcome = try forEachBatch(of: pictures, variants, options: options, append)
      return outcome.rows
    }
    return outcome
  }

  /// Runs over the pictures batch by batch; the next batch is decoded while this one is worked on.
  private func forEachBatch(
    of pictures: Dataset, _ variants: PictureVariants, options: ExtractionOptions,
    _ body: ([Float]) throws -> Void
  ) throws -> (rows: FeatureRows, skipped: [SkippedPicture]) {
    try variants.augmentation.check()
    let memory = try options.cache.map { try CachedRows($0, self) }
    defer { if let memory { options.cacheUsed(memory.close()) } }
    let loader = ImageBatchLoader(
      jobs: variants.jobs(of: pictures, recipe), recipe: recipe,
      batchSize: max(1, options.batchSize / variants.numbers.count), onBadImage: options.onBadImage,
      threads: pool.threadCount, memory: memory)
    var kept: [Int] = []
    var skipped: [SkippedPicture] = []
    while let batch = try loader.next() {
      let isComputed = batch.tensor.shape[0] > 0
      let computed = isComputed ? try sessions.run(batch.tensor).scalars : []
      try body(merge(batch, computed, memory))
      memory?.releasePages()
      kept += batch.indices
      skipped += batch.failures.map { SkippedPicture(path: pictures.items[$0.index].path, error: $0.error) }
      options.progress(batch.indices.count / variants.numbers.count + batch.failures.count)
    }
    // A damaged archive is damaged whether or not a feature was computed with it.
    try plan.verify(on: pool)
    if kept.isEmpty, let first = skipped.first {
      throw ModelZooError.nothingReadable(count: skipped.count, first: first.error.description)
    }
    return (FeatureRows(pictures).keeping(kept), skipped)
  }

  /// All rows of a batch in their order: those that were known, and those that were computed, which are
  /// remembered.
  private func merge(_ batch: ImageBatch, _ computed: [Float], _ memory: CachedRows?) -> [Float] {
    guard let memory else { return computed }
    let width = featureShape.elementCount
    var merged: [Float] = []
    merged.reserveCapacity(batch.rows.count * width)
    var start = 0
    for row in batch.rows {
      if let known = row.recalled?.values {
        merged += known
        continue
      }
      let values = computed[start..<start + width]
      start += width
      merged += values
      if let key = row.recalled?.key { memory.keep(key, Array(values)) }
    }
    return merged
  }
}

extension FeatureRows {
  /// The rows at `indices`, in that order.
  package func keeping(_ indices: [Int]) -> FeatureRows {
    FeatureRows(
      files: indices.map { files[$0] }, labels: labels.isEmpty ? [] : indices.map { labels[$0] },
      classNames: classNames, weights: weights.isEmpty ? [] : indices.map { weights[$0] })
  }
}
