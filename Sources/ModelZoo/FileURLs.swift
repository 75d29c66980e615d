public import Catalog
public import Datasets
public import Foundation
public import Images
public import KerasWeights
public import TensorArchive
public import Tensors
public import Training
public import WeightConversion

// Everything that takes the path of a file or a folder takes a URL as well: the same work, and one error more.

extension URL {
  /// The path of a file's URL.
  ///
  /// - Throws: ``ModelZooError/notAFileURL(_:)``.
  var filePath: String {
    get throws(ModelZooError) {
      guard isFileURL else { throw .notAFileURL(absoluteString) }
      return path
    }
  }
}

extension Backbone {
  /// Loads an archive; see ``init(contentsOf:options:threads:images:)-(String,_,_,_)``.
  ///
  /// - Throws: what that throws, and ``ModelZooError/notAFileURL(_:)``.
  public init(
    contentsOf url: URL, options: BackboneOptions = BackboneOptions(), threads: Int? = nil,
    images: Int? = nil
  ) throws {
    try self.init(contentsOf: url.filePath, options: options, threads: threads, images: images)
  }

  /// Loads the one archive of `network` in a folder; see ``init(_:in:options:threads:images:)-(_,String,_,_,_)``.
  ///
  /// - Throws: what that throws, and ``ModelZooError/notAFileURL(_:)``.
  public init(
    _ network: String, in folder: URL, options: BackboneOptions = BackboneOptions(), threads: Int? = nil,
    images: Int? = nil
  ) throws {
    try self.init(network, in: folder.filePath, options: options, threads: threads, images: images)
  }

  /// Writes the features of images to a file; see ``writeFeatures(of:to:options:variants:)-(_,String,_,_)``.
  ///
  /// - Throws: what that throws, and ``ModelZooError/notAFileURL(_:)``.
  public func writeFeatures(
    of images: Dataset, to url: URL, options: ExtractionOptions = ExtractionOptions(),
    variants: ImageVariants = .plain
  ) throws -> Job<ExtractionEvent, ExtractionSummary> {
    try writeFeatures(of: images, to: url.filePath, options: options, variants: variants)
  }
}

extension BackboneTaps {
  /// Loads an archive for the outputs of `layers`; see ``init(contentsOf:at:options:threads:images:)-(String,_,_,_,_)``.
  ///
  /// - Throws: what that throws, and ``ModelZooError/notAFileURL(_:)``.
  public init(
    contentsOf url: URL, at layers: [String], options: BackboneOptions = BackboneOptions(),
    threads: Int? = nil, images: Int? = nil
  ) throws {
    try self.init(
      contentsOf: url.filePath, at: layers, options: options, threads: threads, images: images)
  }

  /// Writes the features of images to a file; see ``writeFeatures(of:to:options:)-(_,String,_)``.
  ///
  /// - Throws: what that throws, and ``ModelZooError/notAFileURL(_:)``.
  public func writeFeatures(
    of images: Dataset, to url: URL, options: ExtractionOptions = ExtractionOptions()
  ) throws -> Job<ExtractionEvent, ExtractionSummary> {
    try writeFeatures(of: images, to: url.filePath, options: options)
  }
}

extension Backbone {
  /// Computes the features of one shard of `images`; see ``writeShard(_:of:to:options:)-(_,Dataset,String,_)``.
  ///
  /// - Throws: ``ModelZooError/notAFileURL(_:)``; the job throws what that of a path throws.
  public func writeShard(
    _ shard: Shard, of images: Dataset, to folder: URL, options: ExtractionOptions = ExtractionOptions()
  ) throws(ModelZooError) -> Job<ExtractionEvent, ShardSummary> {
    writeShard(shard, of: images, to: try folder.filePath, options: options)
  }
}

extension BackboneTaps {
  /// Computes the features of one shard of `images`; see ``writeShard(_:of:to:options:)-(_,Dataset,String,_)``.
  ///
  /// - Throws: ``ModelZooError/notAFileURL(_:)``; the job throws what that of a path throws.
  public func writeShard(
    _ shard: Shard, of images: Dataset, to folder: URL, options: ExtractionOptions = ExtractionOptions()
  ) throws(ModelZooError) -> Job<ExtractionEvent, ShardSummary> {
    writeShard(shard, of: images, to: try folder.filePath, options: options)
  }
}

extension FeatureSet {
  /// Opens features; see ``init(contentsOf:layer:)-(String,_)``.
  ///
  /// - Throws: what that throws, and ``ModelZooError/notAFileURL(_:)``.
  public init(contentsOf url: URL, layer: String? = nil) throws {
    try self.init(contentsOf: url.filePath, layer: layer)
  }
}

extension Backbone {
  /// Loads the backbone that computed `features`; see ``init(contentsOf:of:options:threads:)-(String,_,_,_)``.
  ///
  /// - Throws: what that throws, and ``ModelZooError/notAFileURL(_:)``.
  public init(
    contentsOf url: URL, of features: FeatureSet, options: BackboneOptions = BackboneOptions(),
    threads: Int? = nil
  ) throws {
    try self.init(contentsOf: url.filePath, of: features, options: options, threads: threads)
  }
}

extension FeatureShards {
  /// Opens the folder of a run; see ``init(folder:)-(String)``.
  ///
  /// - Throws: what that throws, and ``ModelZooError/notAFileURL(_:)``.
  public init(folder url: URL) throws { try self.init(folder: url.filePath) }

  /// Puts all shards together; see ``merge(to:)-(String)``.
  ///
  /// - Throws: what that throws, and ``ModelZooError/notAFileURL(_:)``.
  public func merge(to url: URL) throws -> Job<MergeEvent, Merged> { try merge(to: url.filePath) }
}

extension TrainedModel {
  /// Loads a trained model or a checkpoint; see
  /// ``init(contentsOf:backbone:threads:isExact:interpolation:images:)-(String,_,_,_,_,_)``.
  ///
  /// - Throws: what that throws, and ``ModelZooError/notAFileURL(_:)``.
  public init(
    contentsOf url: URL, backbone: URL? = nil, threads: Int? = nil, isExact: Bool = false,
    interpolation: Interpolation? = nil, images: Int? = nil
  ) throws {
    try self.init(
      contentsOf: url.filePath, backbone: backbone.map { try $0.filePath }, threads: threads,
      isExact: isExact, interpolation: interpolation, images: images)
  }

  /// Writes one self-contained archive; see ``save(to:)-(String)``.
  ///
  /// - Throws: what that throws, and ``ModelZooError/notAFileURL(_:)``.
  public func save(to url: URL) throws { try save(to: url.filePath) }
}

extension NetworkCatalog {
  /// The built-in networks and those in `folders`, which replace built-in networks of the same name.
  ///
  /// - Throws: what ``init(adding:)-([String])`` throws, and ``ModelZooError/notAFileURL(_:)``.
  public init(adding folders: [URL]) throws { try self.init(adding: folders.map { try $0.filePath }) }

  /// Opens a weight file of Keras and recognises its network; see ``conversion(of:options:)-(String,_)``.
  ///
  /// - Throws: what that throws, and ``ModelZooError/notAFileURL(_:)``.
  public func conversion(
    of weightFile: URL, options: ConversionOptions = ConversionOptions()
  ) throws -> Conversion {
    try conversion(of: weightFile.filePath, options: options)
  }

  /// Converts a weight file of Keras into an archive; see `convert(_:to:options:progress:)`.
  ///
  /// - Throws: what that throws, and ``ModelZooError/notAFileURL(_:)``.
  @discardableResult
  public func convert(
    _ weightFile: URL, to archive: URL, options: ConversionOptions = ConversionOptions(),
    progress: (_ done: Int, _ total: Int) throws -> Void = { _, _ in }
  ) throws -> ConversionReport {
    try convert(weightFile.filePath, to: archive.filePath, options: options, progress: progress)
  }

  /// Converts a weight file of Keras without blocking a thread of the concurrency pool.
  ///
  /// - Throws: what the blocking call throws, and `CancellationError`.
  @discardableResult
  public func convert(
    _ weightFile: URL, to archive: URL, options: ConversionOptions = ConversionOptions(),
    progress: @escaping @Sendable (_ done: Int, _ total: Int) throws -> Void = { _, _ in }
  ) async throws -> ConversionReport {
    try await convert(weightFile.filePath, to: archive.filePath, options: options, progress: progress)
  }

  /// Finds out what a file is; see ``inspect(_:)-(String)``.
  ///
  /// - Throws: what that throws, and ``ModelZooError/notAFileURL(_:)``.
  public func inspect(_ url: URL) throws -> Inspection { try inspect(url.filePath) }
}

extension ArchiveVerification {
  /// Reads all of a file.
  ///
  /// - Throws: ``ModelZooError/notAFileURL(_:)``; what is wrong with the file is its ``failure``.
  public init(_ url: URL) throws(ModelZooError) { self.init(try url.filePath) }
}

extension DraftedEntry {
  /// Makes an entry from what Keras's `model.to_json()` wrote; see ``init(fromKeras:_:)-(String,_)``.
  ///
  /// - Throws: `CatalogError` and ``ModelZooError/notAFileURL(_:)``.
  public init(fromKeras url: URL, _ facts: EntryFacts) throws {
    try self.init(fromKeras: url.filePath, facts)
  }

  /// Writes the entry; its folder is made when it is not there.
  ///
  /// - Throws: `FileError` and ``ModelZooError/notAFileURL(_:)``.
  public func write(to url: URL) throws { try write(to: url.filePath) }
}

extension Archive {
  /// Opens an archive.
  ///
  /// - Throws: `ArchiveError` and `ModelZooError.notAFileURL(_:)`.
  public init(contentsOf url: URL) throws { try self.init(contentsOf: url.filePath) }
}

extension Dataset {
  /// Lists a folder with one sub-folder per class, or the images of a manifest.
  ///
  /// - Throws: `DatasetError` and `ModelZooError.notAFileURL(_:)`.
  public init(contentsOf url: URL, options: ListingOptions = ListingOptions()) throws {
    try self.init(contentsOf: url.filePath, options: options)
  }

  /// Lists the classes of a folder and their images.
  ///
  /// - Throws: `DatasetError` and `ModelZooError.notAFileURL(_:)`.
  public init(folder url: URL, classes wanted: [String]? = nil, followsLinks: Bool = false) throws {
    try self.init(folder: url.filePath, classes: wanted, followsLinks: followsLinks)
  }

  /// Lists files, folders and manifests, in the order they are named.
  ///
  /// - Throws: `DatasetError` and `ModelZooError.notAFileURL(_:)`.
  public init(images urls: [URL], options: ListingOptions = ListingOptions()) throws {
    try self.init(images: urls.map { try $0.filePath }, options: options)
  }
}

extension FeatureTable {
  /// Reads a feature file; see ``init(contentsOf:layer:)-(String,_)``.
  ///
  /// - Throws: what that throws, and ``ModelZooError/notAFileURL(_:)``.
  public init(contentsOf url: URL, layer: String? = nil) throws {
    try self.init(contentsOf: url.filePath, layer: layer)
  }
}

extension FeatureCache {
  /// Uses a folder, which need not be there yet.
  ///
  /// - Throws: ``ModelZooError/notAFileURL(_:)``.
  public init(folder url: URL, byteLimit: Int = FeatureCache.standardByteLimit) throws(ModelZooError) {
    self.init(folder: try url.filePath, byteLimit: byteLimit)
  }
}

extension Projection {
  /// Writes a plot or the points, by the ending of the URL; see ``write(to:)-(String)``.
  ///
  /// - Throws: what that throws, and ``ModelZooError/notAFileURL(_:)``.
  public func write(to url: URL) throws { try write(to: url.filePath) }
}

extension Explainer {
  /// Explains one image; see ``explain(_:label:)-(String,_)``.
  ///
  /// - Throws: what that throws, and ``ModelZooError/notAFileURL(_:)``.
  public func explain(_ url: URL, label: String? = nil) throws -> Explanation {
    try explain(url.filePath, label: label)
  }
}

extension Explanation {
  /// Writes ``panel(longest:)`` as a PNG file.
  ///
  /// - Throws: what writing to a path throws, and ``ModelZooError/notAFileURL(_:)``.
  public func write(to url: URL, longest: Int = 1024) throws { try write(to: url.filePath, longest: longest) }
}

extension Bitmap {
  /// Decodes an image file.
  ///
  /// - Throws: `ImageError` and `ModelZooError.notAFileURL(_:)`.
  public init(
    contentsOf url: URL, appliesOrientation: Bool = false, limits: DecodingLimits = .standard
  ) throws {
    try self.init(contentsOf: url.filePath, appliesOrientation: appliesOrientation, limits: limits)
  }
}

extension TrainingReport {
  /// Writes the page; see ``write(to:)-(String)``.
  ///
  /// - Throws: what that throws, and ``ModelZooError/notAFileURL(_:)``.
  public func write(to url: URL) throws { try write(to: url.filePath) }

  /// Writes the page's plots into a folder; see ``writePlots(into:)-(String)``.
  ///
  /// - Throws: what that throws, and ``ModelZooError/notAFileURL(_:)``.
  public func writePlots(into folder: URL) throws { try writePlots(into: folder.filePath) }
}

extension TrainingCheckpoint {
  /// Reads a checkpoint; see `init(contentsOf:)` of a path.
  ///
  /// - Throws: what that throws, and `ModelZooError.notAFileURL(_:)`.
  public init(contentsOf url: URL) throws { try self.init(contentsOf: url.filePath) }

  /// Writes the checkpoint; see `write(to:)` of a path.
  ///
  /// - Throws: what that throws, and `ModelZooError.notAFileURL(_:)`.
  public func write(to url: URL) throws { try write(to: url.filePath) }
}

extension ModelCheckpoint {
  /// Writes to a file of a fixed name; a path may have names that are filled in, a URL has none.
  ///
  /// - Throws: what ``init(_:monitor:mode:savesBestOnly:interval:threshold:)-(String,_,_,_,_,_)`` throws, and
  ///   ``ModelZooError/notAFileURL(_:)``.
  public convenience init(
    _ url: URL, monitor: String = "val_loss", mode: MonitorMode = .automatic, savesBestOnly: Bool = false,
    interval: Int = 1, threshold: Double? = nil
  ) throws {
    try self.init(
      url.filePath, monitor: monitor, mode: mode, savesBestOnly: savesBestOnly, interval: interval,
      threshold: threshold)
  }
}

extension CSVLogger {
  /// Writes to the file at `url`; see ``init(_:appends:)-(String,_)``.
  ///
  /// - Throws: ``ModelZooError/notAFileURL(_:)``.
  public convenience init(_ url: URL, appends: Bool = false) throws(ModelZooError) {
    self.init(try url.filePath, appends: appends)
  }
}

extension TensorBoard {
  /// Writes into the folder at `url`; see ``init(_:histogramFrequency:)-(String,_)``.
  ///
  /// - Throws: ``ModelZooError/notAFileURL(_:)``.
  public convenience init(_ url: URL, histogramFrequency: Int = 0) throws(ModelZooError) {
    self.init(try url.filePath, histogramFrequency: histogramFrequency)
  }
}

extension NetworkCatalog {
  /// Compares the catalog with every HDF5 file directly in a folder; see ``fittedWeightSets(in:)-(String)``.
  ///
  /// - Throws: what that throws, and ``ModelZooError/notAFileURL(_:)``.
  public func fittedWeightSets(in folder: URL) throws -> FittedWeightSets {
    try fittedWeightSets(in: folder.filePath)
  }
}

extension SyntheticImageFolder {
  /// Draws the images into the folder at `url`.
  ///
  /// - Throws: what writing to a path throws, and `ModelZooError.notAFileURL(_:)`.
  public func write(to url: URL, progress: (_ images: Int) -> Void = { _ in }) throws {
    try write(to: url.filePath, progress: progress)
  }
}

extension SyntheticWeightFile {
  /// Writes the weight file.
  ///
  /// - Throws: what writing to a path throws, and `ModelZooError.notAFileURL(_:)`.
  @discardableResult
  public func write(to url: URL, progress: (_ tensors: Int) -> Void = { _ in }) throws -> Int {
    try write(to: url.filePath, progress: progress)
  }
}
