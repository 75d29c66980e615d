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
  /// Whether it is an error that no image can be read.
  private let requiresRows: Bool
  private let options: ExtractionOptions
  private let memory: CachedRows?
  private let loader: ImageBatchLoader
  private let listener: @Sendable (ExtractionEvent) -> Void
  private var doneCount = 0
  private var caveats: [ImageCaveat: CaveatCount] = [:]
  private var isClosed = false

  init(
    _ backbone: Backbone, _ images: Dataset, _ variants: ImageVariants = .plain,
    _ options: ExtractionOptions, requiresRows: Bool = true,
    report: @escaping @Sendable (ExtractionEvent) -> Void = { _ in }
  ) throws {
    try variants.check()
    try backbone.checkMemory(batchSize: max(1, min(options.batchSize, images.items.count)))
    (self.backbone, self.images, self.options, listener) = (backbone, images, options, report)
    rowsPerImage = variants.numbers.count
    self.requiresRows = requiresRows
    // What no layer with weights has worked on are pixels, which are where they came from.
    memory = try backbone.givesPixels ? nil : options.cache.map { try CachedRows($0, backbone) }
    let recipe = backbone.recipe.fitting(threads: backbone.pool.threadCount)
    loader = ImageBatchLoader(
      jobs: variants.jobs(of: images, recipe), recipe: recipe,
      batchSize: max(1, options.batchSize / rowsPerImage), onBadImage: options.onBadImage,
      threads: backbone.pool.threadCount, memory: memory,
      patience: options.imageTimeout.map { Patience($0) })
  }

  // Whoever stops early keeps what was computed until then.
  deinit { close() }

  /// What the rows so far are.
  var rows: FeatureRows {
    var rows = FeatureRows(images).keeping(kept)
    rows.nonFiniteCount = nonFiniteCount
    return rows
  }

  /// The images without a row so far, once all are done.
  var missing: [MissingImage] {
    Set(images.items.indices).subtracting(kept).sorted().map {
      MissingImage(index: $0, label: images.items[$0].label)
    }
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
    for (index, caveat) in batch.caveats {
      let found = CaveatCount(caveat: caveat, count: 1, first: images.items[index].path)
      caveats[caveat] = caveats[caveat]?.adding(found) ?? found
    }
    tellProgress(batch.indices.count / rowsPerImage + batch.failures.count)
    return Batch(indices: batch.indices, outputs: outputs)
  }

  private func countNonFinite(_ outputs: [[Float]], rows: Int) {
    let widths = backbone.plan.outputs.map(\.shape.elementCount)
    nonFiniteCount += (0..<rows).count { row in
      zip(outputs, widths).contains { values, width in
        // Of the bit patterns without the sign, those of infinity and NaN are the largest.
        let bits = values.span
        var largest: UInt32 = 0
        for index in row * width..<(row + 1) * width {
          largest = max(largest, bits[index].bitPattern & 0x7FFF_FFFF)
        }
        return largest >= Float.infinity.bitPattern
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
    for caveat in ImageCaveat.allCases { caveats[caveat].map { report(.caveat($0)) } }
    // A damaged archive is damaged whether or not a feature was computed with it.
    try backbone.plan.verify(on: backbone.pool)
    if requiresRows, kept.isEmpty, let first = skipped.first {
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
    remember(batch, computed, widths)
    guard batch.rows.contains(where: { !$0.isInTensor }) else {
      return computed.isEmpty ? widths.map { _ in [] } : computed
    }
    var merged = [[Float]](repeating: [], count: widths.count)
    for (output, width) in widths.enumerated() { merged[output].reserveCapacity(batch.rows.count * width) }
    var next = 0
    for row in batch.rows {
      var start = 0
      for (output, width) in widths.enumerated() {
        if let values = row.recalled?.values {
          merged[output] += values[start..<start + width]
        } else {
          merged[output] += computed[output][next * width..<(next + 1) * width]
        }
        start += width
      }
      if row.isInTensor { next += 1 }
    }
    return merged
  }

  /// Has the cache keep the rows that were computed.
  private func remember(_ batch: ImageBatch, _ computed: [[Float]], _ widths: [Int]) {
    guard let memory else { return }
    for (number, row) in batch.rows.lazy.filter(\.isInTensor).enumerated() {
      guard let key = row.recalled?.key else { continue }
      memory.keep(
        key, zip(computed, widths).map { output, width in output[number * width..<(number + 1) * width] })
    }
  }
}
