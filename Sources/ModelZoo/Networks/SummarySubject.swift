import Catalog
import Encoding
import Files
import TensorArchive
import Tensors
import Training
import WeightConversion

/// A graph with a size, whose summary somebody wants, and which of its layers are frozen.
struct SummarySubject {
  var name: String
  var graph: LayerGraph
  var size: Extent
  private let minimumSize: Extent
  /// How images are resized for a whole model; nil for anything else.
  private(set) var scaling: PixelScaling?
  /// Where features of a whole model end and why.
  private(set) var featureEnd: [RecognitionReason] = []
  /// Layers whose parameters training does not touch.
  var frozen: Set<String> = []
  /// Of a model whose head was trained on a backbone, the backbone's name and how many layers are its own.
  private var backbone: (name: String, layerCount: Int)?

  /// An entry's graph.
  init(_ entry: CatalogEntry, variant: String?) throws(CatalogError) {
    name = entry.kerasName
    graph = try entry.graph(variant: variant)
    size = entry.defaultSize
    minimumSize = try entry.minimumSize(variant: variant)
  }

  /// The network of a file: an archive, a trained model or a weight file of Keras.
  ///
  /// - Parameter backbone: the archive that a checkpoint was trained on; nil to look for it.
  init(file path: String, backbone: String? = nil, catalog: EntryCatalog) throws {
    let kind = try FileFacts(path: path).kind
    guard kind.mayHoldWeights || WeightFile.isStateDictionary(path, kind) else {
      try self.init(Archive(contentsOf: path), backbone: backbone)
      return
    }
    guard backbone == nil else { throw ModelZooError.noCheckpoint(archive: path) }
    let targets = try ConversionTargets(catalog)
    let recognition = try Recognizer(targets).recognize(WeightFile.open(path, targets: targets))
    guard recognition.fits else {
      guard let reason = recognition.ownGraphProblem else { throw ModelZooError.unknownNetwork(file: path) }
      throw ConversionError.undescribed(path: path, reason: reason)
    }
    try self.init(CatalogEntry(json: recognition.target.json), variant: recognition.graph)
    size = Extent(recognition.images.height ?? size.height, recognition.images.width ?? size.width)
    featureEnd = recognition.featureEnd
    guard let classifier = recognition.classifier else { return }
    size = classifier.size
    if let pooling = classifier.pooling {
      let entry = try CatalogEntry(json: recognition.target.json)
      let split = recognition.poolsAsItsOwn ? try entry.poolingSplit(variant: recognition.graph) : nil
      try add(pooling, named: pooling.automaticStem, in: split)
    }
    add(Head(layers: classifier.layers.map { HeadLayer($0) }), isWhole: true)
  }

  /// What an archive's tensors belong to, with the head of a trained model, or of a checkpoint, on top.
  init(_ archive: Archive, backbone given: String? = nil) throws {
    let sections = ModelSections(archive)
    guard sections != nil || given == nil || archive.isCheckpoint else {
      throw ModelZooError.noCheckpoint(archive: archive.path)
    }
    let place = try sections?.networkArchive(of: archive, given: given) ?? archive
    guard let network = try ArchivedNetwork(sections: place.manifest?.sections ?? [:], place: place.path)
    else { throw ModelZooError.withoutNetwork(place) }
    try self.init(network.entry, variant: network.variant)
    size = network.size
    featureEnd =
      network.features.layer.map {
        [.featureEnd("features are those of \($0.printable), where the conversion had them end", other: nil)]
      } ?? []
    guard let sections else {
      // What is behind the pooling of a whole model reads what was pooled, also without its classifier.
      if network.features.unpooled != nil, let split = try network.poolingSplit() {
        let own = network.features.pooling.flatMap(FeaturePooling.init) ?? .average
        if let pooling = own.graphLayer { try add(pooling.operation, named: pooling.name, in: split) }
      }
      return
    }
    let entryName = name
    let options = try sections.backboneOptions()
    // A whole model from a conversion was nested as its author liked, and nothing of it is frozen.
    let isWhole = try sections.isWhole && !archive.isCheckpoint
    if isWhole { scaling = PixelScaling(archive) }
    let split = try options.layer.map { try network.pooledSplit(endingAt: $0) } ?? network.poolingSplit()
    try putOn(options, split: split, isWhole: isWhole)
    if try !sections.history().epochs.isEmpty || archive.isCheckpoint {
      backbone = (options.layer == nil ? entryName : "model", graph.layers.count)
    }
    add(try sections.head(archive).head, isWhole: isWhole)
    frozen.subtract(try sections.fineTuning()?.lastTraining.layers ?? [])
  }

  /// Cuts, pools and freezes the backbone as a head was trained on it; of a whole model nothing is frozen.
  private mutating func putOn(
    _ backbone: BackboneOptions, split: PoolingSplit?, isWhole: Bool
  ) throws {
    if !isWhole { name += "_with_head" }
    size = Extent(backbone.height ?? size.height, backbone.width ?? size.width)
    if let layer = backbone.layer { graph = try graph.truncated(at: layer) }
    frozen = isWhole ? [] : Set(graph.layers.map(\.name))
    if let pooling = backbone.pooling.graphLayer {
      try add(pooling.operation, named: pooling.name, in: split)
    }
  }

  /// Adds what pools, behind the last layer or where `split` says.
  private mutating func add(
    _ pooling: any LayerOperation, named name: String, in split: PoolingSplit?
  ) throws(CatalogError) {
    if let split { graph = try graph.truncated(at: split.output) }
    add(pooling, named: name)
    for layer in split?.rest ?? [] { add(layer.operation, named: layer.name) }
  }

  /// - Parameter isWhole: whether they are layers of the network as its author built it, and are called so where no other is.
  private mutating func add(_ head: Head, isWhole: Bool = false) {
    guard let source = graph.layers.last?.name else { return }
    let names = Set(graph.layers.map(\.name))
    // Scores that come of branches of the network as they are need no layer more.
    if isWhole, head.layers.allSatisfy({ ($0.operation as? ActivationLayer)?.activation == .linear }) {
      return
    }
    let plain = head.graphLayers(reading: source)
    let isPlain = isWhole && plain.allSatisfy { !names.contains($0.name) }
    graph.layers += isPlain ? plain : head.graphLayers(reading: source, prefix: HeadModel.prefix)
  }

  private mutating func add(_ operation: any LayerOperation, named name: String) {
    let inputs = graph.layers.last.map { [$0.name] } ?? []
    graph.layers.append(Layer(name: name, operation: operation, inputs: inputs))
  }

  /// The subject for images of another size; below the network's minimum it is refused.
  func resized(to size: Extent?) throws(CatalogError) -> SummarySubject {
    guard let size else { return self }
    guard size.height >= minimumSize.height, size.width >= minimumSize.width else {
      throw .inputTooSmall(minimum: minimumSize, found: size)
    }
    var subject = self
    subject.size = size
    return subject
  }

  /// The subject that ends at the layer called `layer`; the whole where it is nil.
  func ending(at layer: String?) throws(CatalogError) -> SummarySubject {
    guard let layer else { return self }
    var subject = self
    subject.graph = try graph.truncated(at: layer)
    return subject
  }

  /// What Keras's `model.summary()` tells of it.
  var summary: Summary {
    get throws(CatalogError) {
      try Summary(graph, modelName: name, height: size.height, width: size.width, frozen: frozen)
    }
  }

  /// The same as Keras tells it of a `Sequential` model whose first layer is the backbone: nil without a head trained on one.
  func nested(_ summary: Summary) -> Summary? {
    guard let backbone, summary.rows.count > backbone.layerCount else { return nil }
    let own = summary.rows.prefix(backbone.layerCount)
    var nested = summary
    nested.modelName = "sequential"
    nested.rows = [
      Summary.Row(
        name: backbone.name, type: "Functional", shape: own[own.count - 1].shape,
        parameters: own.reduce(0) { $0 + $1.parameters }, inputs: [])
    ]
    for var row in summary.rows.dropFirst(backbone.layerCount) {
      row.name.trimPrefix(HeadModel.prefix)
      row.inputs = nested.rows.suffix(1).map(\.name)
      nested.rows.append(row)
    }
    return nested
  }
}

extension FeaturePooling {
  /// The layer that pools, by the name Keras gives it.
  var graphLayer: (name: String, operation: any LayerOperation)? {
    switch self {
    case .average, .automatic: ("global_average_pooling2d", Catalog.GlobalAveragePooling2D())
    case .maximum: ("global_max_pooling2d", Catalog.GlobalMaxPooling2D())
    case .none: nil
    }
  }
}
