import Execution
public import Images
public import Tensors

/// How features are computed; none of it changes them.
public struct ExtractionOptions: Sendable {
  /// Pictures decoded and run at a time.
  public var batchSize: Int
  /// What to do about a file that is no readable picture.
  public var onBadImage: BadImagePolicy
  /// Told after each batch how many more pictures are done.
  public var progress: @Sendable (_ pictures: Int) -> Void

  /// Keras's batch size; unreadable pictures are left out and listed.
  public init(
    batchSize: Int = 32, onBadImage: BadImagePolicy = .skip,
    progress: @escaping @Sendable (_ pictures: Int) -> Void = { _ in }
  ) {
    self.batchSize = batchSize
    self.onBadImage = onBadImage
    self.progress = progress
  }
}

extension Backbone {
  /// The features `[N] + featureShape` of inputs `[N, H, W, 3]` that were resized and preprocessed already.
  ///
  /// - Throws: ``ModelZooError/wrongInput(expected:found:)``.
  public func features(_ inputs: Tensor) throws -> Tensor {
    guard inputs.shape.dimensions.dropFirst().elementsEqual(inputShape.dimensions) else {
      throw ModelZooError.wrongInput(expected: inputShape, found: inputs.shape)
    }
    return try Session(plan, pool: pool).run(inputs)
  }

  /// The features of pictures, all in memory: `4 * N * featureShape.elementCount` bytes.
  ///
  /// - Throws: `ImageError` for the first unreadable picture where the options say so,
  ///   ``ModelZooError/nothingReadable(count:first:)``.
  public func features(
    of pictures: PictureList, options: ExtractionOptions = ExtractionOptions()
  ) throws -> FeatureTable {
    var scalars: [Float] = []
    scalars.reserveCapacity(pictures.paths.count * featureShape.elementCount)
    let (rows, skipped) = try forEachBatch(of: pictures, options: options) { scalars += $0 }
    let shape = Shape([rows.files.count] + featureShape.dimensions)
    return FeatureTable(features: Tensor(shape: shape, scalars: scalars), rows: rows, skipped: skipped)
  }

  /// Writes the features of pictures to a `.npy` or `.safetensors` file, row by row, in constant memory.
  ///
  /// - Returns: the rows that were written and the pictures that were left out.
  /// - Throws: ``FeatureFileError/unknownEnding(path:)`` before anything is read; nothing is written on an error.
  public func writeFeatures(
    of pictures: PictureList, to path: String, options: ExtractionOptions = ExtractionOptions()
  ) throws -> (rows: FeatureRows, skipped: [SkippedPicture]) {
    let format = try FeatureFile.format(of: path)
    var outcome = (rows: FeatureRows(), skipped: [SkippedPicture]())
    try format.write(to: path, rowShape: featureShape.dimensions, candidates: pictures.rows) { append in
      outcome = try forEachBatch(of: pictures, options: options, append)
      return outcome.rows
    }
    return outcome
  }

  /// Runs over the pictures batch by batch; the next batch is decoded while this one is worked on.
  private func forEachBatch(
    of pictures: PictureList, options: ExtractionOptions, _ body: ([Float]) throws -> Void
  ) throws -> (rows: FeatureRows, skipped: [SkippedPicture]) {
    let loader = ImageBatchLoader(
      paths: pictures.paths, recipe: recipe, batchSize: options.batchSize, onBadImage: options.onBadImage,
      threads: pool.threadCount)
    let session = Session(plan, pool: pool)
    var kept: [Int] = []
    var skipped: [SkippedPicture] = []
    while let batch = try loader.next() {
      try body(session.run(batch.tensor.scalars.span))
      kept += batch.indices
      skipped += batch.failures.map { SkippedPicture(path: pictures.paths[$0.index], error: $0.error) }
      options.progress(batch.indices.count + batch.failures.count)
    }
    if kept.isEmpty, let first = skipped.first {
      throw ModelZooError.nothingReadable(count: skipped.count, first: first.error.description)
    }
    return (pictures.rows.keeping(kept), skipped)
  }
}

extension FeatureRows {
  /// The rows at `indices`, in that order.
  package func keeping(_ indices: [Int]) -> FeatureRows {
    FeatureRows(
      files: indices.map { files[$0] }, labels: labels.isEmpty ? [] : indices.map { labels[$0] },
      classNames: classNames)
  }
}
