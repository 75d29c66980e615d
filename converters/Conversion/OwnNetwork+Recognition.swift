import Catalog
import Encoding
import Tensors

extension OwnNetwork {
  /// What the file is by its own graph: the network of the catalogue that `other` found where both compute the same, else a
  /// network of its own.
  func recognition(
    beside other: Recognition, _ file: any WeightSource, _ options: ConversionOptions
  ) throws -> Recognition {
    let entry = try? CatalogEntry(json: other.target.json)
    let variants = comparisons(with: other).filter { comparison in
      stated == nil || entry?.preprocessing(variant: comparison.variant) == stated
    }
    if !options.followsOwnGraph, let same = variants.first(where: \.differences.isEmpty), !isOfNumbers,
      hasBackbone(of: other, variant: same.variant, options)
    {
      return named(after: other, variant: same.variant, file, options)
    }
    let nearest = variants.min { $0.differences.count < $1.differences.count }
    return try ofItsOwn(beside: other, nearest?.differences, other.known, file, options)
  }

  /// What the file is by its own graph alone, which goes by no network's name.
  ///
  /// - Parameter known: the names of the catalogue's networks.
  func recognition(
    besides known: [String], _ file: any WeightSource, _ options: ConversionOptions
  ) throws -> Recognition {
    try ofItsOwn(beside: nil, nil, known, file, options)
  }

  private typealias Comparison = (variant: String?, differences: [String])

  /// Where this graph computes something else than each graph of the catalogue's network; none where the weights are another's.
  private func comparisons(with other: Recognition) -> [Comparison] {
    guard other.fits, let entry = try? CatalogEntry(json: other.target.json) else { return [] }
    let names = layers(in: other)
    let variants = [other.layout.graph] + other.target.variants.filter { $0 != other.layout.graph }.map { $0 }
    return variants.compactMap { variant in
      guard let graph = try? entry.graph(variant: variant).padded(for: network.inputSize) else { return nil }
      return (variant, GraphComparison(expected: graph, found: network.graph, names: names).differences)
    }
  }

  /// The layers of the catalogue's network, each with the one of this graph that has its weights.
  private func layers(in other: Recognition) -> [String: String] {
    let owners = Dictionary(alignment.pairs.map { ($0.tensor.path, $0.parameter.layer) }) { first, _ in first
    }
    return Dictionary(
      other.alignment.pairs.compactMap { pair in owners[pair.tensor.path].map { (pair.parameter.layer, $0) } }
    ) { first, _ in first }
  }

  /// Whether all that is no classifier is the catalogue's network, so that nothing is lost by its name.
  private func hasBackbone(of other: Recognition, variant: String?, _ options: ConversionOptions) -> Bool {
    guard options.leavesOut ? layersBehind(other) != nil : parts.backbone == parts.features,
      let entry = try? CatalogEntry(json: other.target.json),
      let graph = try? entry.graph(variant: variant).padded(for: network.inputSize)
    else { return false }
    let names = Dictionary(layers(in: other).map { ($1, $0) }) { first, _ in first }
    return GraphComparison(expected: parts.features, found: graph, names: names).differences.isEmpty
      && parts.features.layers.count { names[$0.name] != nil } == other.target.layers.count
  }

  /// What the file says of the training of layers and the catalogue does not: by the network's name, that is lost.
  private func trainingNote(
    _ other: Recognition, _ variant: String?, _ file: any WeightSource
  ) -> RecognitionReason? {
    guard file.facts.framework == .keras, let entry = try? CatalogEntry(json: other.target.json),
      let graph = try? entry.graph(variant: variant)
    else { return nil }
    let names = Dictionary(layers(in: other).map { ($1, $0) }) { first, _ in first }
    let lost = parts.features.layers.compactMap { layer -> String? in
      guard let known = names[layer.name].flatMap({ graph[$0] }) else { return nil }
      let words = layer.trainingWords(unlike: known)
      return words.isEmpty ? nil : "\(layer.name) (\(words.joined(separator: ", ")))"
    }
    guard !lost.isEmpty else { return nil }
    return .evidence(
      "layers are fine-tuned as \(other.network)'s are, not as the file says of its own: \(lost.firstNamed)")
  }

  /// The layers with weights that are not the catalogue's network's, by name; nil where one of them does not stand behind all of it: by
  /// the network's name, what reads both would be lost.
  private func layersBehind(_ other: Recognition) -> [String]? {
    let names = layers(in: other)
    guard let last = other.target.layers.last.flatMap({ names[$0] }) else { return nil }
    var behind: Set = [last]
    for layer in network.graph.layers where layer.inputs.contains(where: behind.contains) {
      behind.insert(layer.name)
    }
    let owned = Set(names.values)
    let others = network.graph.layers.map(\.name).filter { weightedNames.contains($0) && !owned.contains($0) }
    return others.allSatisfy(behind.contains) ? others : nil
  }

  /// Whether the image is read by layers with weights of the catalogue's network and by others beside it, so that nothing says whose
  /// scaling of pixels was used.
  private func sharesImage(with other: Recognition) -> Bool {
    let owned = Set(layers(in: other).values)
    let weighted = weightedNames
    var pixels = Set(network.graph.layers.prefix(1).map(\.name))
    var readers: Set<String> = []
    for layer in network.graph.layers where layer.inputs.contains(where: pixels.contains) {
      if weighted.contains(layer.name) { readers.insert(layer.name) } else { pixels.insert(layer.name) }
    }
    return !readers.isDisjoint(with: owned) && !readers.isSubset(of: owned)
  }

  private var weightedNames: Set<String> { Set(alignment.pairs.map(\.parameter.layer)) }

  private func named(
    after other: Recognition, variant: String?, _ file: any WeightSource, _ options: ConversionOptions
  ) -> Recognition {
    var recognition = other
    recognition.graph = variant
    // The file says more of its graph than its weights do.
    recognition.reasons.removeAll { if case .graphOfSet = $0 { true } else { false } }
    recognition.reasons.append(
      .evidence(
        "the graph that the file describes is this network's" + (variant.map { ", graph \($0)" } ?? "")))
    recognition.reasons += [trainingNote(other, variant, file)].compactMap(\.self)
    let classifier = options.leavesOut ? nil : classifier
    recognition.reasons +=
      pixels(of: other, variant, classifier, options) + notes(file) + Self.notes(classifier)
    recognition.reasons += [endReason].compactMap(\.self)
    recognition.images = ImageDefaults(interpolation: resizing?.imagesAreResizedBy)
    if network.inputSize ?? (resizing == nil ? nil : size) != nil,
      let entry = try? CatalogEntry(json: other.target.json), size != entry.defaultSize,
      (try? entry.checkInputSize(height: size.height, width: size.width, variant: variant)) != nil
    {
      recognition.images = ImageDefaults(size: size, interpolation: resizing?.imagesAreResizedBy)
      recognition.reasons.append(
        .evidence(
          "the model was saved for images of \(size.words), and that is what they are resized to; the size of "
            + "\(other.network) is \(entry.defaultSize.words)"))
    }
    recognition.classifier = classifier
    recognition.classifierLayers = classifier == nil ? [] : classifierLayers
    recognition.poolsAsItsOwn = parts.poolsAhead != nil
    if classifier == nil { recognition.features.pooling = ownPooling }
    recognition.topLayers = (options.leavesOut ? layersBehind(other) ?? topNames : []) + network.leftOut
    recognition.reasons += poolingNotes(options)
    recognition.add(headPairs(classifier))
    recognition.graphDifferences = []
    return recognition
  }

  private func ofItsOwn(
    beside other: Recognition?, _ differences: [String]?, _ known: [String], _ file: any WeightSource,
    _ options: ConversionOptions
  ) throws -> Recognition {
    let classifier = options.leavesOut ? nil : classifier
    let graph = options.leavesOut ? parts.features : parts.backbone
    let kept = Set(graph.layers.map(\.name))
    let wanted = kept.union(classifier == nil ? [] : parts.classifier.map(\.name))
    let preprocessing = preprocessing(other, options)
    let identifier = identifier(besides: known, file.facts.framework)
    let title = EntryName.title(of: network.modelName) ?? identifier
    var facts = EntryFacts(
      preprocessing: preprocessing, identifier: identifier, title: title, defaultSize: size)
    facts.licence = "unknown"
    // Of branches that stay in the network, what pools is a layer of it.
    let poolsAhead = graph == parts.features ? parts.poolsAhead : nil
    let json = try network.entry(facts, part: graph, poolsAhead: poolsAhead)
    let pairs = alignment.pairs.filter { kept.contains($0.parameter.layer) }
    let target = ConversionTarget(
      identifier: identifier, title: title, parameters: pairs.map(\.parameter), variants: [], json: json,
      weightSets: try WeightSet.ofAnyNetwork())
    let set = target.weightSets.first { $0.era.matches(file.facts.writerVersion) } ?? target.weightSets[0]
    let candidate = Candidate(
      target: target, set: set,
      binding: try WeightBinding(of: set, layers: target.layers, siblings: target.weightSets),
      alignment: Alignment(
        pairs: pairs, sourceLayers: alignment.sourceLayers,
        missing: alignment.missing.filter { wanted.contains($0.layer) },
        unused: alignment.unused))
    let kernels = RecognitionReason.kernels(of: candidate, in: file, override: options.kernels)
    var reasons: [RecognitionReason] = [
      .evidence(
        "the file describes its own graph: \(counted(network.graph.layers.count, "layer")) with "
          + "\(counted(alignment.pairs.count, "tensor"))"
          + (file.facts.writerVersion.map { ", saved by Keras \($0)" } ?? ""))
    ]
    if file.facts.framework != .onnx { reasons.append(kernels.reason) }
    reasons =
      file.facts.notes.map(RecognitionReason.evidence) + reasons + [
        pixels(preprocessing, options, other)
      ]
    reasons += notes(file) + Self.notes(classifier)
    var recognition = Recognition(
      target: target, layout: set, graph: nil, axisOrder: candidate.alignment.axisOrder,
      kernels: kernels.order,
      reasons: reasons, topLayers: options.leavesOut ? topNames + network.leftOut : network.leftOut,
      mismatch: ConversionMismatch(candidate, kernels: kernels.order), graphDifferences: [],
      alignment: candidate.alignment, classifier: classifier,
      resemblance: other.flatMap { $0.isNear ? Resemblance($0, differences) : nil }, isOwnGraph: true)
    recognition.images = ImageDefaults(
      interpolation: resizing?.imagesAreResizedBy ?? file.facts.interpolation)
    recognition.poolsAsItsOwn = true
    endFeatures(of: graph, options, in: &recognition)
    recognition.reasons += poolingNotes(options)
    recognition.add(headPairs(classifier))
    return recognition
  }

  /// Says where features of `graph` end, which is what is converted besides a classifier, and what tells it.
  private func endFeatures(
    of graph: LayerGraph, _ options: ConversionOptions, in recognition: inout Recognition
  ) {
    recognition.features = parts.end != .nothingLearnt ? features(of: graph) : FeatureDefaults()
    if recognition.classifier != nil {
      recognition.classifierLayers = classifierLayers
    } else {
      keepScores(of: graph, in: &recognition.features, options)
      if !options.leavesOut || isOfNumbers { recognition.output = output }
    }
    recognition.reasons += [endReason].compactMap(\.self)
    recognition.featureNotes = featureNotes
    recognition.otherFeatures = otherFeatures
  }

  /// The layers that the archive keeps apart from the network, as the file calls them.
  private var classifierLayers: [String] {
    let kept = Set(parts.backbone.layers.map(\.name))
    return network.graph.layers.map(\.name).filter { !kept.contains($0) }
  }

  /// The layers with weights beyond the features, by name.
  private var topNames: [String] {
    let kept = Set(parts.features.layers.map(\.name))
    let weighted = weightedNames
    return network.graph.layers.map(\.name).filter { !kept.contains($0) && weighted.contains($0) }
  }

  /// The pooling of the classifier, where it is not the usual one.
  private var ownPooling: String? { parts.pooling?.operation is GlobalMaxPooling2D ? "max" : nil }

  /// Where features of `graph` end.
  private func features(of graph: LayerGraph) -> FeatureDefaults {
    let last = parts.features.layers.last?.name
    // A classifier in the archive says itself how it pools what the network gives.
    let isCut = last != graph.layers.last?.name
    return FeatureDefaults(layer: isCut ? last : nil, pooling: ownPooling, unpooled: pooled)
  }

  /// What looks like scores and was decided to be features is kept as such.
  private func keepScores(
    of graph: LayerGraph, in features: inout FeatureDefaults, _ options: ConversionOptions
  ) {
    let isDecided = options.leavesOut || parts.end != .nothingLearnt
    guard features.layer == nil, isDecided, NetworkParts.givesScores(graph, size: size) else { return }
    features.layer = graph.layers.last?.name
  }

  /// What is to be known of a pooling that goes with the classifier and is not the usual one.
  private func poolingNotes(_ options: ConversionOptions) -> [RecognitionReason] {
    guard options.leavesOut, ownPooling != nil else { return [] }
    return [
      .evidence(
        "its classifier reads the largest values over all pixels: so features are pooled, unless another pooling is asked for"
      )
    ]
  }

  private func notes(_ file: any WeightSource) -> [RecognitionReason] {
    var sentences = [network.wrapper, network.halfPrecisionNote, renamingNote].compactMap(\.self)
    if let resizing {
      sentences.append(
        "the model takes images of any size and resizes them to \(size.words) itself: that is done when they are read, by "
          + resizing.imagesAreResizedBy.rawValue)
    } else if network.inputSize == nil {
      sentences.append(
        "the model takes images of any size: they are resized to \(size.words) pixels first, unless another size is asked for"
      )
    }
    if parts.factor != 1 {
      sentences.append("its probabilities are multiplied by \(parts.factor) at the end, which is left out")
    }
    if !file.facts.others.isEmpty {
      sentences.append("left out: \(file.facts.others.joined(separator: ", "))")
    }
    return sentences.map(RecognitionReason.evidence)
  }

  /// What becomes of a classifier that gives no probabilities.
  private static func notes(_ classifier: Classifier?) -> [RecognitionReason] {
    guard let classifier, !classifier.activation.givesProbabilities else { return [] }
    let activation = classifier.activation
    let numbers =
      activation == .linear
      ? "without an activation" : "by \(activation.kerasName), which are no probabilities"
    let function = classifier.outputCount == 1 || classifier.isClosed ? "sigmoid" : "softmax"
    let each = classifier.isClosed ? " each, as their loss has it," : ""
    return [
      .evidence(
        "its last layer gives numbers \(numbers): taken as scores of classes, with a \(function)\(each) for "
          + "probabilities; leave the classifier out if they are no such scores")
    ]
  }

  /// How pixels are scaled for a network that goes by the catalogue's name.
  private func pixels(
    of other: Recognition, _ variant: String?, _ classifier: Classifier?, _ options: ConversionOptions
  ) -> [RecognitionReason] {
    guard let entry = try? CatalogEntry(json: other.target.json) else { return [] }
    if let asked = options.preprocessing, classifier != nil {
      return [.evidence("pixels are preprocessed by '\(asked.label)', as asked")]
    }
    let isIgnored =
      options.preprocessing != nil ? ", whose entry says so: what was asked for is left aside" : ""
    return [
      .evidence(
        "pixels are preprocessed by '\(entry.preprocessing(variant: variant).label)', as for \(other.network)\(isIgnored)"
      )
    ]
  }

  /// The classifier's parameters under the names that a trained model's have, each with its tensor.
  private func headPairs(_ classifier: Classifier?) -> [Alignment.Pair] {
    guard let classifier else { return [] }
    let names = Dictionary(zip(parts.classifier.map(\.name), classifier.names)) { first, _ in first }
    return alignment.pairs.compactMap { pair in
      guard let name = names[pair.parameter.layer] else { return nil }
      var parameter = pair.parameter
      let shape = parameter.shape
      parameter.layer = Classifier.prefix + name
      // A convolution that is a dense layer: its kernel has the same elements in the same order.
      if shape.rank == 4, isDense(pair.parameter.layer) {
        parameter.shape = [shape[0] * shape[1] * shape[2], shape[3]]
      }
      return Alignment.Pair(parameter: parameter, tensor: pair.tensor, sourceShape: shape)
    }
  }

  private func isDense(_ layer: String) -> Bool {
    parts.classifier.contains { $0.name == layer && $0.operation is Dense }
  }

  /// The model's name as an entry's, and not that of another network.
  private func identifier(besides known: [String], _ framework: Framework) -> String {
    let start = EntryName.identifier(of: network.modelName)
    return known.contains(start) ? start + (framework == .onnx ? "_onnx" : "_changed") : start
  }

  /// What was asked for, nothing where the network scales pixels itself, and else that of the catalogue's network whose weights,
  /// by name and shape, the file has.
  private func preprocessing(_ other: Recognition?, _ options: ConversionOptions) -> Preprocessing {
    if let asked = options.preprocessing ?? stated { return asked.forChannels(network.channels) }
    if scalesPixels { return .unscaled.forChannels(network.channels) }
    if network.channels == 3, let other, other.fits, !sharesImage(with: other),
      let entry = try? CatalogEntry(json: other.target.json)
    {
      return entry.preprocessing
    }
    return .unknown.forChannels(network.channels)
  }

  private func pixels(_ preprocessing: Preprocessing, _ options: ConversionOptions, _ other: Recognition?)
    -> RecognitionReason
  {
    switch preprocessing.label {
    case Preprocessing.unknown.label: .pixelsUnrecorded
    case let label where options.preprocessing != nil:
      .evidence("pixels are preprocessed by '\(label)', as asked")
    case Preprocessing.unscaled.label: .evidence("pixels are scaled inside the network: it is given 0 to 255")
    case let label where stated?.label == label:
      .evidence("pixels are preprocessed by '\(label)', as the file says")
    case let label: .evidence("pixels are preprocessed by '\(label)', as for \(other?.network ?? label)")
    }
  }
}

extension Resizing {
  /// What does the same when an image is read.
  fileprivate var imagesAreResizedBy: Tensors.Interpolation {
    switch interpolation {
    case .bilinear: .tensorFlowBilinear
    case .nearest: .tensorFlowNearest
    }
  }
}

extension WeightSet.Era {
  /// Whether a Keras of that version writes such files, as far as user's own files go.
  fileprivate func matches(_ version: String?) -> Bool {
    (self == .keras3) == (version?.hasPrefix("3") ?? false)
  }
}
