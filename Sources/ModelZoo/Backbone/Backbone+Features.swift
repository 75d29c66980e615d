public import Datasets
import Files
import Tensors

/// Features of the files of a data set: all in memory, row by row, or into a file.
extension Backbone {
  /// The features of images, all in memory: `4 * N * featureShape.elementCount` bytes. Blocks the calling thread; with
  /// `await` the form that does not is called.
  ///
  /// - Throws: `ImageError` for the first unreadable image where the options say so,
  ///   ``ModelZooError/nothingReadable(count:first:)``, `ArchiveError` for damaged weights.
  public func features(
    of images: Dataset, options: ExtractionOptions = ExtractionOptions()
  ) throws -> FeatureTable {
    try tables(of: images, .plain, options: options)[0]
  }

  /// The features of images in several variants each, one row after the other.
  ///
  /// - Throws: what that of the images as they are throws, and `ImageError` for an augmentation that cannot be.
  public func features(
    of images: Dataset, variants: ImageVariants, options: ExtractionOptions = ExtractionOptions()
  ) throws -> FeatureTable {
    try tables(of: images, variants, options: options)[0]
  }

  /// The features of images, all in memory, without blocking a thread of the concurrency pool.
  ///
  /// - Throws: what the blocking call throws; `CancellationError`, within a batch, in a task that is cancelled.
  public func features(
    of images: Dataset, options: ExtractionOptions = ExtractionOptions()
  ) async throws -> FeatureTable {
    try await Job<ExtractionEvent, FeatureTable>(superseding: { _, _ in true }) { context in
      try tables(of: images, .plain, options: options, context.cancellation)[0]
    }.value
  }

  /// The features of images, a row each, in their order, as they are computed: memory stays the same however many there are.
  ///
  /// ```swift
  /// for try await row in backbone.features(of: dataset) { print(row.file, row.features.shape) }
  /// ```
  ///
  /// - Parameters:
  ///   - images: what to read.
  ///   - options: how it is done.
  ///   - report: told what happens meanwhile, such as which images have no row, on a thread of the library's.
  /// - Returns: a sequence that throws `ImageError` for the first unreadable image where the options say so,
  ///   ``ModelZooError/nothingReadable(count:first:)`` after the last, and `ArchiveError` for damaged weights.
  @_disfavoredOverload  // Where a table would do as well, the table is meant.
  public func features(
    of images: Dataset, options: ExtractionOptions = ExtractionOptions(),
    report: @escaping @Sendable (ExtractionEvent) -> Void = { _ in }
  ) -> BatchedSequence<FeatureRow> {
    BatchedSequence {
      let reader = try FeatureReader(self, images, .plain, options, report: report)
      return { cancellation in try reader.next(cancellation).map { rows(of: $0, images) } }
    }
  }

  /// Writes the features of images to a `.npy` or `.safetensors` file, row by row, in constant memory.
  ///
  /// ```swift
  /// let job = try backbone.writeFeatures(of: dataset, to: "features.npy")
  /// for await event in job.events { print(event) }
  /// print(try await job.value.rows.files.count)
  /// ```
  ///
  /// - Returns: a job that throws what `features(of:options:)` throws, and `FileError` where the file cannot be
  ///   written or is one of the images or the archive. After an error, and when it is cancelled, the file is as it was.
  /// - Throws: ``FeatureFileError/unknownEnding(path:)`` before anything is read.
  public func writeFeatures(
    of images: Dataset, to path: String, options: ExtractionOptions = ExtractionOptions(),
    variants: ImageVariants = .plain
  ) throws(FeatureFileError) -> Job<ExtractionEvent, ExtractionSummary> {
    let columns = [FeatureColumn(shape: featureShape)]
    return try writeFeatures(of: images, to: path, columns: columns, options: options, variants)
  }

  /// Writes a tensor for each output.
  func writeFeatures(
    of images: Dataset, to path: String, columns: [FeatureColumn], options: ExtractionOptions,
    _ variants: ImageVariants
  ) throws(FeatureFileError) -> Job<ExtractionEvent, ExtractionSummary> {
    let format = try FeatureFile.format(of: path)
    try format.check(columns, path: path)
    return Job(superseding: ExtractionEvent.supersedes) { context in
      let files = RunOutputs(files: [path, path + ".csv"])
      if let clash = files.clash(with: [archive.path] + images.files) {
        throw FileError.isInput(path: clash.output, input: clash.other)
      }
      let reader = try FeatureReader(self, images, variants, options, report: context.report)
      let origin = try FeatureOrigin(
        self, images.source, outputs: columns.count, variants: variants.numbers.count)
      try format.write(
        to: path, columns: columns, candidates: variants.rows(of: images), origin: origin,
        missing: { reader.missing }
      ) { append in
        while let batch = try reader.next(context.cancellation) { try append(batch.outputs) }
        return reader.rows
      }
      return ExtractionSummary(rows: reader.rows, skipped: reader.skipped)
    }
  }

  private func rows(of batch: FeatureReader.Batch, _ images: Dataset) -> [FeatureRow] {
    let width = featureShape.elementCount
    return batch.indices.enumerated().map { row, index in
      let item = images.items[index]
      return FeatureRow(
        file: item.name, label: item.label,
        features: Tensor(
          shape: featureShape, scalars: Array(batch.outputs[0][row * width..<(row + 1) * width])))
    }
  }

  /// For each output the table of all images in all variants; stops within a batch of `cancellation`.
  func tables(
    of images: Dataset, _ variants: ImageVariants, options: ExtractionOptions,
    _ cancellation: Cancellation = Cancellation()
  ) throws -> [FeatureTable] {
    try variants.check()
    try checkMemory(rows: images.items.count, variants.numbers.count)
    let reader = try FeatureReader(self, images, variants, options)
    let shapes = plan.outputs.map(\.shape)
    var scalars = [[Float]](repeating: [], count: shapes.count)
    for (output, shape) in shapes.enumerated() {
      scalars[output].reserveCapacity(images.items.count * variants.numbers.count * shape.elementCount)
    }
    while let batch = try reader.next(cancellation) {
      for (output, rows) in batch.outputs.enumerated() { scalars[output] += rows }
    }
    return zip(shapes, scalars).map { shape, scalars in
      FeatureTable(
        features: Tensor(shape: TensorShape([reader.kept.count] + shape.dimensions), scalars: scalars),
        rows: reader.rows, skipped: reader.skipped)
    }
  }
}
