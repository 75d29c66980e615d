public import Datasets
import Files
import Tensors

/// Computes shards of features.
struct ShardWriter: Sendable {
  let backbone: Backbone
  let images: @Sendable () throws -> ShardImages
  let columns: [FeatureColumn]
  let folder: ShardFolder

  func job(_ shard: Shard, _ options: ExtractionOptions) -> Job<ExtractionEvent, ShardSummary> {
    Job(superseding: ExtractionEvent.supersedes) { context in try write(shard, options, context) }
  }

  /// - Throws: what `Backbone.writeShard(_:of:to:options:)` says.
  private func write(
    _ shard: Shard, _ options: ExtractionOptions, _ context: JobContext<ExtractionEvent>
  ) throws -> ShardSummary {
    let path = folder.partPath(shard)
    let outputs = RunOutputs(files: [path, folder.recordPath(shard), folder.runPath])
    let images = try images()
    if let clash = outputs.clash(with: [backbone.archive.path] + images.files(shard)) {
      throw FileError.isInput(path: clash.output, input: clash.other)
    }
    try SafetensorsFeatureFile().check(columns, path: path)
    let run = try ShardedRun(backbone, images, columns, shards: shard.count)
    // What begins with a mistake would refuse the run that was meant.
    let known = try folder.holdsRun() ? nil : try images.own(shard)
    try folder.begin(run)
    let digest = try run.digest()
    // What is there and not as it was written is computed again.
    if let record = try? folder.intactRecord(of: shard, in: digest),
      record.archives == images.ownArchives(shard),
      record.skipped.isEmpty
        || options.onBadImage == .skip && !record.skipped.contains(where: { $0.mayPass == true })
    {
      return ShardSummary(record, shard, path: path, wasFinished: true)
    }
    let record = try compute(shard, of: images, known, at: path, run: digest, options, context)
    try AtomicFile.write(record.json() + "\n", to: folder.recordPath(shard))
    return ShardSummary(record, shard, path: path, wasFinished: false)
  }

  private func compute(
    _ shard: Shard, of images: ShardImages, _ known: Dataset?, at path: String, run: String,
    _ options: ExtractionOptions, _ context: JobContext<ExtractionEvent>
  ) throws -> ShardRecord {
    let archives = images.ownArchives(shard)
    let own = try known ?? images.own(shard)
    let reader = try FeatureReader(
      backbone, own, .plain, options, requiresRows: false, report: context.report)
    let origin = try FeatureOrigin(backbone, images.source, outputs: columns.count)
    try SafetensorsFeatureFile().write(
      to: path, columns: columns, candidates: FeatureRows(own), origin: origin, missing: { reader.missing }
    ) { append in
      while let batch = try reader.next(context.cancellation) { try append(batch.outputs) }
      // Nothing of it is there, as where a disk is not mounted: that is no result.
      if reader.kept.isEmpty, let first = reader.skipped.first, reader.skipped.allSatisfy(\.error.mayPass) {
        throw ModelZooError.nothingReadable(count: reader.skipped.count, first: first.error.description)
      }
      return reader.rows
    }
    let written = try FileDigests(contentsOf: path)
    return ShardRecord(
      shard: shard.index, shards: shard.count, run: run, rows: reader.kept.count,
      byteCount: written.byteCount,
      sha256: written.sha256,
      skipped: zip(reader.missing, reader.skipped).map { missing, image in
        ShardSummary.Skipped(
          index: images.start(of: shard) + missing.index, name: own.items[missing.index].name,
          reason: image.error.description, mayPass: image.error.mayPass ? true : nil)
      }, notFinite: reader.rows.nonFiniteCount, machine: FeatureContext.machine, archives: archives,
      notes: own.diagnostics.isEmpty ? nil : own.diagnostics.map(ShardRecord.Note.init))
  }
}

extension Backbone {
  /// Computes the features of one shard of `images` and writes them into a folder that all shards of the run share, in constant
  /// memory.
  ///
  /// ```swift
  /// let shard = try Shard(3, of: 64)
  /// try await backbone.writeShard(shard, of: dataset, to: "features").value
  /// ```
  ///
  /// A shard is a command that can be repeated: one that is finished is not computed again, one that was killed leaves
  /// nothing, and two processes that compute the same one do no harm. Every process lists the same images. A shard with images whose files
  /// could not be read is computed again, and is an error if it has no others.
  ///
  /// - Parameters:
  ///   - shard: which part of the listing.
  ///   - images: all images of the run.
  ///   - folder: where the run is; made where it is not there.
  ///   - options: how it is done.
  /// - Returns: a job that throws what writing a feature file throws, `FileError` for a folder that cannot be written, and
  ///   ``ShardError/otherRun(folder:differences:)`` where the folder has shards of other images, of another network, or another
  ///   number of them.
  public func writeShard(
    _ shard: Shard, of images: Dataset, to folder: String, options: ExtractionOptions = ExtractionOptions()
  ) -> Job<ExtractionEvent, ShardSummary> {
    shardWriter({ ShardImages(images) }, to: folder).job(shard, options)
  }

  /// Computes the features of one shard of a listing, of which it reads its own part alone, in memory in proportion to that; see
  /// `writeShard(_:of:to:options:)`. An image whose file is not the one that was listed is one that cannot be read.
  ///
  /// - Parameters:
  ///   - shard: which part of the listing.
  ///   - listing: all images of the run.
  ///   - folder: where the run is; made where it is not there.
  ///   - options: how it is done.
  /// - Returns: a job that throws what that of a data set throws, and `ListingError` for a listing that was changed.
  public func writeShard(
    _ shard: Shard, of listing: Listing, to folder: String, options: ExtractionOptions = ExtractionOptions()
  ) -> Job<ExtractionEvent, ShardSummary> {
    shardWriter({ ShardImages(listing) }, to: folder).job(shard, options)
  }

  /// Computes the features of the archives that are a shard's, whole ones in the order of their names, as many as every other shard has or
  /// one more; see `writeShard(_:of:to:options:)`. No other archive is opened, or needs to be there.
  ///
  /// - Parameters:
  ///   - shard: which part of the archives.
  ///   - archives: all archives of the run.
  ///   - folder: where the run is; made where it is not there.
  ///   - options: how it is done.
  /// - Returns: a job that throws what that of a data set throws, ``ShardError/tooManyShards(count:archives:)``, and `DatasetError` for an
  ///   archive of the shard that cannot be listed. A finished shard whose archives have other sizes than they had is computed again.
  public func writeShard(
    _ shard: Shard, of archives: ArchiveList, to folder: String,
    options: ExtractionOptions = ExtractionOptions()
  ) -> Job<ExtractionEvent, ShardSummary> {
    shardWriter({ try ShardImages(archives, for: shard) }, to: folder).job(shard, options)
  }

  private func shardWriter(
    _ images: @escaping @Sendable () throws -> ShardImages, to folder: String
  ) -> ShardWriter {
    ShardWriter(
      backbone: self, images: images, columns: [FeatureColumn(shape: featureShape)],
      folder: ShardFolder(path: folder))
  }
}

extension BackboneTaps {
  /// Computes the features of one shard of `images` at all layers; see `Backbone.writeShard(_:of:to:options:)`.
  ///
  /// - Parameters:
  ///   - shard: which part of the listing.
  ///   - images: all images of the run.
  ///   - folder: where the run is; made where it is not there.
  ///   - options: how it is done.
  public func writeShard(
    _ shard: Shard, of images: Dataset, to folder: String, options: ExtractionOptions = ExtractionOptions()
  ) -> Job<ExtractionEvent, ShardSummary> {
    shardWriter({ ShardImages(images) }, to: folder).job(shard, options)
  }

  /// Computes the features of one shard of a listing at all layers; see `Backbone.writeShard(_:of:to:options:)`.
  ///
  /// - Parameters:
  ///   - shard: which part of the listing.
  ///   - listing: all images of the run.
  ///   - folder: where the run is; made where it is not there.
  ///   - options: how it is done.
  public func writeShard(
    _ shard: Shard, of listing: Listing, to folder: String, options: ExtractionOptions = ExtractionOptions()
  ) -> Job<ExtractionEvent, ShardSummary> {
    shardWriter({ ShardImages(listing) }, to: folder).job(shard, options)
  }

  /// Computes the features of the archives that are a shard's at all layers; see `Backbone.writeShard(_:of:to:options:)` of archives.
  ///
  /// - Parameters:
  ///   - shard: which part of the archives.
  ///   - archives: all archives of the run.
  ///   - folder: where the run is; made where it is not there.
  ///   - options: how it is done.
  public func writeShard(
    _ shard: Shard, of archives: ArchiveList, to folder: String,
    options: ExtractionOptions = ExtractionOptions()
  ) -> Job<ExtractionEvent, ShardSummary> {
    shardWriter({ try ShardImages(archives, for: shard) }, to: folder).job(shard, options)
  }

  private func shardWriter(
    _ images: @escaping @Sendable () throws -> ShardImages, to folder: String
  ) -> ShardWriter {
    let columns = zip(layers, featureShapes).map { FeatureColumn(name: $0, shape: $1) }
    return ShardWriter(
      backbone: backbone, images: images, columns: columns, folder: ShardFolder(path: folder))
  }
}
