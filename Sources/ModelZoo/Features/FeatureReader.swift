import Datasets
import Images
import Tensors

/// The features of images batch by batch, in order: what every way to ask for them goes through.
///
/// The next batch is decoded while the caller works on the last one.
final class FeatureReader {
  /// What a batch came to: for each output of the backbone, rows of the images at `indices` of the data set, one after the
  /// other.
  struct Batch {
    let indices: [Int]
    let outputs: [[Float]]
  }

  /// The images that were left out so far.
  private(set) var skipped: [SkippedImage] = []
  /// For each row so far, the index of its image.
  private(set) var kept: [Int] = []

  /// How many rows so far hold a value that is not finite.
  private var nonFiniteCount = 0

  private let backbone: Backbone
  private let images: Dataset
  private let rowsPerImage: Int
  private let options: ExtractionOptions
  private let memory: CachedRows?
  private let loader: ImageBatchLoader
  private let listener: @Sendable (ExtractionEvent) -> Void
  private var doneCount = 0
  private var isClosed = false

  init(
    _ backbone: Backbone, _ images: Dataset, _ variants: ImageVariants = .plain,
    _ options: ExtractionOptions, report: @escaping @Sendable (ExtractionEvent) -> Void = { _ in }
  ) throws {
    try variants.check()
    try backbone.checkMemory(batchSize: max(1, min(options.batchSize, images.items.count)))
    (self.backbone, self.images, self.options, listener) = (backbone, images, options, report)
    rowsPerImage = variants.numbers.count
    memory = try options.cache.map { try CachedRows($0, backbone) }
    let recipe = backbone.recipe.fitting(threads: backbone.pool.threadCount)
    loader = ImageBatchLoader(
      jobs: variants.jobs(of: images, recipe), recipe: recipe,
      batchSize: max(1, options.batchSize / rowsPerImage), onBadImage: options.onBadImage,
      threads: backbone.pool.threadCount, memory: memory)
  }

  // Whoever stops early keeps what was computed until then.
  deinit { close() }

  /// What the rows so far are.
  var rows: FeatureRows {
    var rows = FeatureRows(images).keeping(kept)
    rows.nonFiniteCount = nonFiniteCount
    return rows
  }

  /// The next batch, which may be empty; nil after the last.
  ///
  /// - Throws: `CancellationError`; `ImageError` for the first unreadable image where the options say so;
  ///   ``ModelZooError/notEnoughMemory(work:neededBytes:availableBytes:advice:)`` for an image that only the memory is too small for;
  ///   ``ModelZooError/nothingReadable(count:first:)`` in place of nil; `ArchiveError` for damaged weights.
  func next(_ cancellation: Cancellation) throws -> Batch? {
    try cancellation.check()
    guard let batch = try loader.next() else {
      try finish()
      return nil
    }
    let isComputed = batch.tensor.shape[0] > 0
    let computed = isComputed ? try backbone.sessions.runAll(batch.tensor).map(\.scalars) : []
    let outputs = merge(batch, computed)
    countNonFinite(outputs, rows: batch.indices.count)
    kept += batch.indices
    for failure in batch.failures {
      try backbone.checkMemory(refusing: failure.error)
      let image = SkippedImage(path: images.items[failure.index].path, error: failure.error)
      skipped.append(image)
      report(.skipped(image))
    }
    tellProgress(batch.indices.count / rowsPerImage + batch.failures.count)
    return Batch(indices: batch.indices, outputs: outputs)
  }

  private func countNonFinite(_ outputs: [[Float]], rows: Int) {
    let widths = backbone.plan.outputs.map(\.shape.elementCount)
    nonFiniteCount += (0..<rows).count { row in
      zip(outputs, widths).contains { values, width in
        values[row * width..<(row + 1) * width].contains { !$0.isFinite }
      }
    }
  }

  private func report(_ event: ExtractionEvent) {
    options.observer(event)
    listener(event)
  }

  private func tellProgress(_ count: Int) {
    doneCount += count
    report(.images(done: doneCount, total: images.items.count))
  }

  private func finish() throws {
    close()
    // A damaged archive is damaged whether or not a feature was computed with it.
    try backbone.plan.verify(on: backbone.pool)
    if kept.isEmpty, let first = skipped.first {
      throw ModelZooError.nothingReadable(count: skipped.count, first: first.error.description)
    }
  }

  /// Has the cache keep what was computed.
  private func close() {
    guard !isClosed else { return }
    isClosed = true
    guard let use = memory?.close() else { return }
    report(.cached(use))
  }

  /// All rows of a batch in their order: those that were known, and those that were computed, which are
  /// remembered.
  private func merge(_ batch: ImageBatch, _ computed: [[Float]]) -> [[Float]] {
    let widths = backbone.plan.outputs.map(\.shape.elementCount)
    guard let memory else { return computed.isEmpty ? widths.map { _ in [] } : computed }
    var merged = [[Float]](repeating: [], count: widths.count)
    for (output, width) in widths.enumerated() { merged[output].reserveCapacity(batch.rows.count * width) }
    var next = 0
    for row in batch.rows {
      let values =
        row.recalled?.values ?? zip(computed, widths).flatMap { $0[next * $1..<(next + 1) * $1] }
      var start = 0
      for (output, width) in widths.enumerated() {
        merged[output] += values[start..<start + width]
        start += width
      }
      guard row.isInTensor else { continue }
      next += 1
      if let key = row.recalled?.key { memory.keep(key, values) }
    }
    return merged
  }
}
