public import Datasets
public import Images
import TensorArchive
public import Tensors

/// A frozen network that is read at several layers in one pass.
///
/// What comes out is what backbones that are cut at each of the layers give, and rows in a cache are shared with those; the
/// network runs once an image.
///
/// ```swift
/// let taps = try Backbone(contentsOf: "backbone.zoo.safetensors").taps(at: ["mixed3", "mixed7"])
/// for (layer, table) in zip(taps.layers, try taps.features(of: dataset)) { print(layer, table.features.shape) }
/// ```
public struct BackboneTaps: Sendable {
  /// The layers, in the order in which they were asked for; results come in the same order.
  public let layers: [String]
  /// The network: what it is, how images become its input, and what one should know of it. Its own features are those of
  /// the first layer.
  public let backbone: Backbone

  /// Loads an archive for the outputs of `layers`.
  ///
  /// - Parameters:
  ///   - path: the archive.
  ///   - layers: one or more, each once.
  ///   - options: as for a ``Backbone``; its layer is not looked at.
  ///   - threads: how many threads work, 1 to 1024; nil for one per core.
  ///   - images: how many images there will be in all; nil if unknown.
  /// - Throws: ``ModelZooError/taps(found:)`` for no layers and for one that is named twice,
  ///   ``ModelZooError/layerBehindPooling(archive:layer:)`` for one that reads what the model pools,
  ///   `ExecutionError.unknownLayer(_:nearest:)`, and what loading a backbone throws.
  public init(
    contentsOf path: String, at layers: [String], options: BackboneOptions = BackboneOptions(),
    threads: Int? = nil, images: Int? = nil
  ) throws {
    try self.init(
      Archive(contentsOf: path), at: layers, options: options, threads: threads, images: images)
  }

  fileprivate init(
    _ archive: Archive, at layers: [String], options: BackboneOptions, threads: Int?, images: Int?,
    tuned: [String: Tensor] = [:]
  ) throws {
    guard !layers.isEmpty, Set(layers).count == layers.count else { throw ModelZooError.taps(found: layers) }
    self.layers = layers
    var options = options
    options.layer = layers[0]
    backbone = try Backbone(
      archive, options: options, threads: threads, images: images, taps: layers, tuned: tuned)
    if let layer = try layers.first(where: { try backbone.network.poolingSplit(endingAt: $0) != nil }) {
      throw ModelZooError.layerBehindPooling(archive: archive.path, layer: layer)
    }
  }

  /// One image's features at each layer: `[C]` with pooling, `[H, W, C]` without.
  public var featureShapes: [TensorShape] { backbone.plan.outputs.map(\.shape) }

  /// One image's input, `[H, W, 3]`.
  public var inputShape: TensorShape { backbone.inputShape }
}

extension Backbone {
  /// The same network, recipe and threads, read at several layers in one pass.
  ///
  /// - Throws: what `BackboneTaps.init(contentsOf:at:options:threads:images:)` throws.
  /// - Complexity: O(parameters), as loading the backbone.
  public func taps(at layers: [String]) throws -> BackboneTaps {
    try BackboneTaps(
      archive, at: layers, options: options, threads: pool.threadCount, images: nil, tuned: tuned)
  }

  /// The features of images at several layers, a table a layer in the order of `layers`, in one pass. Blocks the
  /// calling thread.
  ///
  /// - Throws: what ``taps(at:)`` and `BackboneTaps.features(of:options:)` throw.
  public func features(
    at layers: [String], of images: Dataset, options: ExtractionOptions = ExtractionOptions()
  ) throws -> [FeatureTable] {
    try taps(at: layers).features(of: images, options: options)
  }

  /// The features of images at several layers without blocking a thread of the concurrency pool.
  ///
  /// - Throws: what the blocking call throws; `CancellationError`, within a batch, in a task that is cancelled.
  public func features(
    at layers: [String], of images: Dataset, options: ExtractionOptions = ExtractionOptions()
  ) async throws -> [FeatureTable] {
    try await taps(at: layers).features(of: images, options: options)
  }
}

extension BackboneTaps {
  /// The features of images, a table a layer, all in memory. Blocks the calling thread.
  ///
  /// - Throws: what `Backbone.features(of:options:)` throws.
  public func features(
    of images: Dataset, options: ExtractionOptions = ExtractionOptions()
  ) throws -> [FeatureTable] {
    try backbone.tables(of: images, .plain, options: options)
  }

  /// The features of images without blocking a thread of the concurrency pool.
  ///
  /// - Throws: what the blocking call throws; `CancellationError`, within a batch, in a task that is cancelled.
  public func features(
    of images: Dataset, options: ExtractionOptions = ExtractionOptions()
  ) async throws -> [FeatureTable] {
    try await Job<ExtractionEvent, [FeatureTable]>(superseding: { _, _ in true }) { context in
      try backbone.tables(of: images, .plain, options: options, context.cancellation)
    }.value
  }

  /// Writes the features of images to a `.safetensors` file with one tensor a layer, named after it, in constant memory.
  ///
  /// - Returns: a job like that of `Backbone.writeFeatures(of:to:options:variants:)`.
  /// - Throws: ``FeatureFileError/oneTensorOnly(path:found:)`` for a `.npy` file and several layers,
  ///   ``FeatureFileError/unknownEnding(path:)``, before anything is read.
  public func writeFeatures(
    of images: Dataset, to path: String, options: ExtractionOptions = ExtractionOptions()
  ) throws(FeatureFileError) -> Job<ExtractionEvent, ExtractionSummary> {
    let columns = zip(layers, featureShapes).map { FeatureColumn(name: $0, shape: $1) }
    return try backbone.writeFeatures(of: images, to: path, columns: columns, options: options, .plain)
  }

  /// The features of one image, a tensor a layer.
  ///
  /// - Throws: what `Backbone.features(of:)` throws.
  public func features(of image: some PixelSource) throws -> [Tensor] {
    let outputs = try backbone.sessions.runAll(backbone.inputs(of: [image]))
    return zip(featureShapes, outputs).map { Tensor(shape: $0, scalars: $1.scalars) }
  }

  /// The features of one image without blocking a thread of the concurrency pool.
  ///
  /// - Throws: what the blocking call throws, `CancellationError` in a task that was cancelled before its turn.
  public func features(of image: some PixelSource) async throws -> [Tensor] {
    try await Offload.run { _ in try features(of: image) }
  }

  /// The features of inputs `[N, H, W, 3]` that were resized and preprocessed already, `[N]` in front of each shape.
  ///
  /// - Throws: ``ModelZooError/wrongInput(expected:found:)``, `ArchiveError` for damaged weights.
  public func features(_ inputs: Tensor) throws -> [Tensor] {
    try backbone.check(inputs)
    return try backbone.sessions.runAll(inputs)
  }
}
