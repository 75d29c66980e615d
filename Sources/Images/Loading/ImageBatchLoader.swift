import Files
import Foundation
import Machine

/// Turns a list of images into batches of network input, in order, decoding the next batch in the
/// background while the caller works on the last one. The files are read some batches ahead, several at a time, so that a file
/// system may take its time.
///
/// Memory stays at about two batches and 64 MiB of files, however long the list. The batches are the same bits for any number of
/// threads.
public final class ImageBatchLoader {
  /// The images, in the order of the rows.
  public let locations: [ImageLocation]
  /// How many images a batch is made of; the last may have fewer, and skipped files leave no row.
  public let batchSize: Int

  /// What makes the batches, or why none can be made.
  private let maker: Result<ImageBatchMaker, ImageError>
  private let policy: BadImagePolicy
  private let files: ReadAhead<ImageBatchMaker.FileOutcome>
  private var nextIndex = 0
  private var pending: BackgroundWork<ImageBatch>?

  /// Makes a loader at the first file; nothing is read yet. Without a number of threads it uses one for each processor.
  ///
  /// A batch size or a number of threads below 1 counts as 1.
  public convenience init(
    locations: [ImageLocation], recipe: ImageRecipe, batchSize: Int = 32,
    onBadImage policy: BadImagePolicy = .skip, threads: Int? = nil
  ) {
    self.init(
      jobs: locations.map { ImageJob(location: $0) }, recipe: recipe, batchSize: batchSize,
      onBadImage: policy,
      threads: threads)
  }

  /// Reads the file of an image.
  package typealias Reading = @Sendable (ImageLocation, DecodingLimits) -> Result<[UInt8], ImageError>

  /// Makes a loader that may ask `memory` for rows before it decodes an image.
  ///
  /// - Parameters:
  ///   - patience: how long to wait for an image; nil for as long as it takes.
  ///   - reading: how a file is read.
  package init(
    jobs: [ImageJob], recipe: ImageRecipe, batchSize: Int = 32, onBadImage policy: BadImagePolicy = .skip,
    threads: Int? = nil, memory: (any RowMemory)? = nil, patience: Patience? = nil,
    reading: @escaping Reading = ImageBatchLoader.readFile
  ) {
    let threads = max(1, threads ?? ProcessInfo.processInfo.activeProcessorCount)
    locations = jobs.map(\.location)
    self.batchSize = max(1, batchSize)
    self.policy = policy
    let files = Self.files(of: jobs, recipe.limits, self.batchSize, threads, reading)
    self.files = files
    maker = Result { () throws(ImageError) in
      ImageBatchMaker(
        jobs: jobs, recipe: recipe, table: try PreprocessingTable(recipe.preprocessing), threads: threads,
        memory: memory, files: files, patience: patience)
    }
  }

  deinit { files.close() }

  /// The files, read some batches ahead: as many at a time as hide some hundredths of a second for each.
  private static func files(
    of jobs: [ImageJob], _ limits: DecodingLimits, _ batchSize: Int, _ threads: Int,
    _ reading: @escaping Reading
  ) -> ReadAhead<ImageBatchMaker.FileOutcome> {
    ReadAhead(
      jobs.count, .init(threads: 4 * min(max(2, threads), 16), count: 4 * min(batchSize, jobs.count)),
      byteCount: { (try? $0.get().count) ?? 0 },
      read: { index in reading(jobs[index].location, limits) })
  }

  /// The bytes of an image's file, or why they cannot be read.
  package static let readFile: Reading = { location, limits in
    do throws(ImageError) { return .success(try ImageFile.read(location, limits: limits)) } catch {
      return .failure(error)
    }
  }

  /// The next batch; nil when all files were handed out.
  ///
  /// - Throws: with ``BadImagePolicy/fail``, the error of the first file that is no readable image;
  ///   ``ImageError/tooManyOpenFiles(path:)``, which says nothing about an image;
  ///   ``ImageError/preprocessing(label:expected:found:)`` for an invalid recipe.
  public func next() throws(ImageError) -> ImageBatch? {
    let maker = try maker.get()
    guard let batch = (pending ?? startNext(maker))?.wait() else { return nil }
    pending = startNext(maker)
    if let failure = batch.failures.first(where: { policy == .fail || $0.error.isOfTheSystem }) {
      throw failure.error
    }
    return batch
  }

  private func startNext(_ maker: ImageBatchMaker) -> BackgroundWork<ImageBatch>? {
    guard nextIndex < locations.count else { return nil }
    if nextIndex == 0, locations.count > 1 { files.start() }
    let indices = nextIndex..<nextIndex + min(batchSize, locations.count - nextIndex)
    nextIndex = indices.upperBound
    return BackgroundWork { _ in maker.batch(indices) }
  }
}
