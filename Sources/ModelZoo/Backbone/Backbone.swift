import Catalog
import Encoding
import Execution
import Foundation
public import Images
import Kernels
public import TensorArchive
public import Tensors
import Training

/// A pretrained network as a frozen feature extractor.
///
/// Frozen by construction: nothing here changes a weight. What is trained is a head on the features; training
/// layers of the backbone itself is not offered.
///
/// ```swift
/// let backbone = try Backbone(contentsOf: "backbone.zoo.safetensors")
/// let features = try backbone.features(of: Dataset(images: ["cat.jpg"]))
/// ```
public struct Backbone: Sendable {
  /// The entry's name in the catalog.
  public let identifier: String
  /// The entry's title.
  public let title: String
  /// The options that it was loaded with; its pooling is never ``FeaturePooling/automatic``, but what that was.
  public private(set) var options: BackboneOptions
  /// How an image is resized and preprocessed to become the input.
  public private(set) var recipe: ImageRecipe
  /// The preprocessing that the weights were trained with.
  public let trainedPreprocessing: Preprocessing

  let archive: Archive
  let network: ArchivedNetwork
  private(set) var plan: Plan
  /// The plan up to where features are pooled: all of it, but for networks that go on behind that.
  private let body: Plan
  /// Where features are pooled; nil where that is behind the last layer.
  let poolingSplit: PoolingSplit?
  /// Whether the options name a pooling.
  let asksForPooling: Bool
  /// Whether features end where the archive says that those of its network do, ahead of its last layer.
  private var endsBelowClassifier = false
  /// Whether features end at what the model pools, since they are not pooled.
  private var endsAheadOfPooling = false
  /// What runs the plan; copies of a backbone share it.
  package private(set) var sessions: SessionPool
  /// The layers that are read, nil for the network's last; more than one only for ``BackboneTaps``.
  let cuts: [String?]
  let pool: ThreadPool
  /// Tensors in place of those of the archive, by name: what fine-tuning changed of a model that is not saved yet.
  let tuned: [String: Tensor]
  /// Which layers are not as they were converted; nil for none.
  var fineTuning: FineTuningRecord?

  /// Loads a converted archive, or the backbone of a trained model.
  ///
  /// - Parameters:
  ///   - path: the archive.
  ///   - options: input size, cut, pooling and preprocessing.
  ///   - threads: how many threads work, 1 to 1024; nil for one per core. No result depends on it.
  ///   - images: how many images there will be in all; nil if unknown. The features of one, or of a few, are
  ///     there sooner, and with less memory, where that is known: then damage to the weights is found, and thrown, when
  ///     features are computed.
  /// - Throws: `ArchiveError` for a damaged file, ``ModelZooError/noEntry(archive:)`` for one without a network,
  ///   ``ModelZooError/scoresAreNoFeatures(archive:classes:layer:)`` for a whole model whose classifier is part of the network, and
  ///   ``ModelZooError/imagesAreNoFeatures(archive:)`` for one that learnt nothing else, if no layer is asked for,
  ///   ``ModelZooError/classifierLayer(archive:layer:)`` for a layer of a classifier beside the network, and errors that name the layer or the size when the options do not fit the network.
  public init(
    contentsOf path: String, options: BackboneOptions = BackboneOptions(), threads: Int? = nil,
    images: Int? = nil
  ) throws {
    let archive = try Archive(contentsOf: path)
    var options = options
    let network = try archive.manifest.flatMap { try ArchivedNetwork(sections: $0.sections, place: path) }
    let usual = network?.features
    if let layer = options.layer { try Self.check(layer: layer, of: archive, network) }
    let unpooled = options.layer == nil && options.pooling == .none ? usual?.unpooled : nil
    if options.layer == nil { options.layer = unpooled ?? usual?.layer }
    try self.init(archive, options: options, threads: threads, images: images)
    endsAheadOfPooling = unpooled != nil
    endsBelowClassifier = usual?.layer != nil && options.layer == usual?.layer
    try checkFeatures()
  }

  /// - Parameters:
  ///   - taps: the layers to read in one pass; empty for the one that `options` name.
  ///   - tuned: tensors in place of those of the archive.
  init(
    _ archive: Archive, options: BackboneOptions, threads: Int?, images: Int?, taps: [String] = [],
    tuned: [String: Tensor] = [:]
  ) throws {
    guard let sections = archive.manifest?.sections,
      let network = try ArchivedNetwork(sections: sections, place: archive.path)
    else { throw ModelZooError.withoutNetwork(archive) }
    let entry = network.entry
    // A model that was trained has its own input: its features are what its head reads.
    let trained = archive.isCheckpoint ? nil : try? ModelSections(archive)?.backboneOptions()
    let height = options.height ?? trained?.height ?? network.size.height
    let width = options.width ?? trained?.width ?? network.size.width
    try entry.checkInputSize(height: height, width: width, variant: network.variant)
    let pool = threads.map { ThreadPool(threads: $0) } ?? .shared
    let asked = taps.isEmpty ? try options.layer.flatMap { try network.pooledSplit(endingAt: $0) } : nil
    let usual = asked != nil || network.features.layer == options.layer ? network.features.pooling : nil
    let own = Self.ownPooling(of: archive, at: options.layer) ?? usual.flatMap(FeaturePooling.init)
    // What works on what the model pools has nothing to work on without.
    let isOwn = options.pooling == .automatic || asked != nil && options.pooling == .none
    let pooling = isOwn ? own ?? .average : options.pooling
    var planned = Plan.Options(
      output: options.layer, pooling: pooling.planned, arithmetic: .f32(exact: options.isExact),
      images: images)
    if !taps.isEmpty { planned.outputs = taps }
    cuts = taps.isEmpty ? [options.layer] : taps
    let split =
      options.layer == nil && taps.isEmpty && pooling != .none ? try network.poolingSplit() : asked
    if let split { planned.outputs = [split.output] }
    let replacing = tuned.compactMapValues { TensorView($0) }
    let body = try Plan(
      graph: network.graph(), archive: archive, replacing: replacing, height: height, width: width,
      options: planned, pool: pool)
    plan =
      try split.map {
        try body.appending(
          $0.graph(channels: body.outputShape[0]), archive: archive, replacing: replacing, pool: pool)
      } ?? body
    self.body = body
    self.tuned = tuned
    poolingSplit = split
    sessions = SessionPool(plan, on: pool)
    identifier = entry.identifier
    title = entry.title
    trainedPreprocessing = network.preprocessing
    recipe = Self.recipe(
      options, trained, network, height: height, width: width, channels: plan.inputShape[2])
    self.options = options
    self.options.pooling = pooling
    asksForPooling = options.pooling == .average || options.pooling == .maximum
    self.archive = archive
    self.network = network
    self.pool = pool
    fineTuning = try? ModelSections(archive)?.fineTuning()
  }

  /// How images are read: as somebody asks for, or else as a model was trained, or else as its network was.
  private static func recipe(
    _ options: BackboneOptions, _ trained: BackboneOptions?, _ network: ArchivedNetwork, height: Int,
    width: Int,
    channels: Int
  ) -> ImageRecipe {
    let preprocessing = options.preprocessing ?? trained?.preprocessing ?? network.preprocessing
    return ImageRecipe(
      height: height, width: width,
      interpolation: options.interpolation ?? trained?.interpolation ?? network.images.interpolation
        ?? .nearest,
      preprocessing: preprocessing.forChannels(channels),
      appliesOrientation: options.appliesOrientation,
      // A network of one channel reads gray images.
      colorMode: channels == 1 ? .grayscale : options.colorMode,
      keepsAspectRatio: options.keepsAspectRatio)
  }

  /// The same network, with the same weights in the same memory, for images with another preprocessing.
  public func preprocessing(by preprocessing: Preprocessing) -> Backbone {
    var backbone = self
    backbone.recipe.preprocessing = preprocessing.forChannels(plan.inputShape[2])
    backbone.options.preprocessing = preprocessing
    return backbone
  }

  /// The same network up to what is pooled, with the same weights in the same memory.
  package var unpooled: Backbone {
    var backbone = self
    backbone.plan = body.withoutPooling
    backbone.sessions = SessionPool(backbone.plan, on: pool)
    backbone.options.pooling = .none
    return backbone
  }

  /// The same network with other tensors in place of some of its own.
  func replacing(_ tensors: [String: Tensor]) throws -> Backbone {
    var backbone = try Backbone(
      archive, options: options, threads: pool.threadCount, images: nil,
      tuned: tuned.merging(tensors) { $1 })
    backbone.recipe = recipe
    return backbone
  }

  /// The same network read at several layers, without pooling.
  func reading(_ layers: [String]) throws -> Backbone {
    var options = options
    (options.layer, options.pooling) = (layers.first, .none)
    var backbone = try Backbone(
      archive, options: options, threads: pool.threadCount, images: nil, taps: layers, tuned: tuned)
    backbone.recipe = recipe
    return backbone
  }

  /// The same network with a head behind it, whose scores and outputs are what comes out; it shares the weights.
  func followed(by head: HeadModel) throws -> Backbone {
    var backbone = self
    backbone.plan = try head.appended(to: plan, on: pool)
    backbone.sessions = SessionPool(backbone.plan, on: pool)
    return backbone
  }

  /// The layers of the network behind the pooling.
  var layersBehindPooling: [Layer] { poolingSplit?.rest ?? [] }

  /// One image's input, `[H, W, C]`: three channels, or one of gray images.
  public var inputShape: TensorShape { plan.inputShape }

  /// One image's features: `[C]` with pooling, `[H, W, C]` without.
  public var featureShape: TensorShape { plan.outputShape }

  /// One image's row: its features, or those of all layers that are read, one after the other.
  var rowShape: TensorShape {
    let outputs = plan.outputs
    guard outputs.count > 1 else { return featureShape }
    return TensorShape([outputs.reduce(0) { $0 + $1.shape.elementCount }])
  }

  /// Where the weights came from; nil when the archive does not say.
  public var source: Provenance? { archive.manifest?.source }

  /// The file it was loaded from.
  public var path: String { archive.path }

  /// SHA-256 that names the archive, in hexadecimal; nil for a backbone that was trained further and is not saved yet.
  public var digest: String? { tuned.isEmpty ? archive.digest : nil }

  /// The number of parameters of the network up to where the features end.
  package var parameterCount: Int {
    get throws {
      try trainedGraph().graph.parameters(height: inputShape[0], width: inputShape[1])
        .reduce(0) { $0 + $1.shape.elementCount }
    }
  }

  /// A parameter of the network as it is now, as single-precision numbers; nil where there is none of that name.
  func tensor(named name: String) throws -> Tensor? {
    if let tensor = tuned[name] { return tensor }
    guard archive.contains(name) else { return nil }
    let view = try archive.tensor(named: name)
    return view.floats().map { Tensor(shape: view.shape, scalars: $0) }
  }

  /// The name of the graph variant, or nil where the entry has one graph.
  public var graphVariant: String? { network.variant }

  /// A setting that a user may want to change, though it works and is Keras's default.
  public var notices: [BackboneNotice] {
    scalingNotices + classifierNotices
      + (asksForPooling && body.withoutPooling.outputShape.rank != 3 ? [.nothingToPool] : [])
  }

  private var scalingNotices: [BackboneNotice] {
    if options.interpolation == nil, let scaling = PixelScaling(archive), options.isOfSize(of: scaling),
      scaling.isNoteworthy || scaling.origin == .training
    {
      return [.scaledPixels(scaling)]
    }
    return recipe.interpolation == .nearest ? [.nearestPixels] : []
  }

  private var classifierNotices: [BackboneNotice] {
    guard let layer = options.layer else { return [] }
    let (shape, leftOut) = (body.withoutPooling.outputShape, layersBehind(layer))
    if endsAheadOfPooling { return [.aheadOfPooling(layer: layer, shape: shape, leftOut: leftOut)] }
    return endsBelowClassifier ? [.belowClassifier(layer: layer, shape: shape, leftOut: leftOut)] : []
  }

  /// What a user should know before trusting the features: an unusual preprocessing, for instance.
  public var warnings: [String] {
    flatteningWarnings + poolingWarnings + preprocessingWarnings + learningWarnings
  }

  /// The pooling by which the classifier in an archive reads the features of the layer; nil where there is none, or where it reads all
  /// of them.
  private static func ownPooling(of archive: Archive, at layer: String?) -> FeaturePooling? {
    guard let own = try? ModelSections(archive)?.backboneOptions(), own.layer == layer,
      own.pooling == .average || own.pooling == .maximum
    else { return nil }
    return own.pooling
  }

  /// What of a whole model's classifier the features are not what they seem for.
  private var flatteningWarnings: [String] {
    guard options.layer == nil, let own = try? ModelSections(archive)?.backboneOptions(), own.layer == nil
    else { return [] }
    guard own.pooling == .none, options.pooling != .none, plan.inputShape.rank == 3,
      body.outputShape.rank == 1,
      body.withoutPooling.outputShape.rank == 3
    else { return [] }
    return [
      "\(identifier): features are pooled by '\(options.pooling.rawValue)', but the model's classifier reads all rows and columns; "
        + "choose no pooling for what it reads"
    ]
  }

  /// A trained model's own pooling, where features are pooled otherwise.
  private var poolingWarnings: [String] {
    guard options.pooling != .none, let own = modelsPooling, own != options.pooling else { return [] }
    let names = layersBehindPooling.map(\.name)
    let reader =
      names.isEmpty
      ? "the model's classifier reads them"
      : "what stands behind the model's pooling (\(names.firstNamed)) learnt from numbers"
    return [
      "\(identifier): features are pooled by '\(options.pooling.rawValue)', but \(reader) pooled by '\(own.rawValue)'"
    ]
  }

  /// How the model that the network is of pools the features of the layer; nil where it does not, or is not known.
  private var modelsPooling: FeaturePooling? {
    if let own = Self.ownPooling(of: archive, at: options.layer) { return own }
    guard options.layer == nil || !layersBehindPooling.isEmpty, network.features.unpooled != nil else {
      return nil
    }
    return network.features.pooling.flatMap(FeaturePooling.init) ?? .average
  }

  private var preprocessingWarnings: [String] {
    guard recipe.preprocessing != trainedPreprocessing,
      trainedPreprocessing.label != Preprocessing.unknown.label
    else { return [] }
    // What tutorials do that hand `rescale=1/255` to a network whose preprocess_input they leave out.
    let advice =
      recipe.preprocessing.label == "rescale"
      ? "; rescale=\(recipe.preprocessing.factor) does not replace preprocess_input: leave it out"
      : ""
    return [
      "\(identifier): images are preprocessed with '\(recipe.preprocessing.label)', but the weights were trained "
        + "with '\(trainedPreprocessing.label)'; features will differ from those that the weights were trained for"
        + advice
    ]
  }
}

extension Preprocessing {
  /// What pixels are multiplied by, as people write it: `1/255`, `1/127.5`, `2.0`.
  fileprivate var factor: String {
    guard divisor > 1 else { return "\(1 / divisor)" }
    return divisor == divisor.rounded() ? "1/\(Int(divisor))" : "1/\(divisor)"
  }
}
