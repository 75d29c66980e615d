public import Catalog
import Encoding
import Files
package import Tensors

/// What a weight file was recognised as, and why: the best match, which need not fit (see ``fits``).
public struct Recognition: Sendable {
  package let target: ConversionTarget
  package let layout: WeightSet
  /// The variant of the network's graph; nil where it has one graph.
  public internal(set) var graph: String?
  /// Where a kernel's axes stand in the file.
  public let axisOrder: AxisOrder
  /// Whether the file's kernels are rotated.
  public let kernels: KernelOrder
  /// Why this network, era, kernel order and graph.
  public internal(set) var reasons: [RecognitionReason]
  /// Layers of the file that are not part of the network: a classifier that is not converted.
  public internal(set) var topLayers: [String]
  /// The tensors that fit and those that do not.
  public internal(set) var mismatch: ConversionMismatch
  /// Where the graph that the file describes computes something else than the network's; empty where it does not, or
  /// describes none.
  public internal(set) var graphDifferences: [String]
  var alignment: Alignment
  /// The classifier that is converted with the network; nil for none.
  package internal(set) var classifier: Classifier?
  /// What the file calls the layers of that classifier, and of no other.
  var classifierLayers: [String] = []
  /// The network of the catalog that the file's own graph is similar to; nil for a network of the catalog, and if none
  /// is similar.
  public internal(set) var resemblance: Resemblance?
  /// Why the graph that the file describes cannot be followed; nil where it can, or there is none.
  public internal(set) var ownGraphProblem: String?
  /// How images are brought to size, as far as that is known and not the network's own way.
  package internal(set) var images = ImageDefaults()
  /// Where features end, as far as that is known and not the network's last layer.
  package internal(set) var features = FeatureDefaults()
  /// What is to be known of where features end, since it is a guess, in sentences.
  public internal(set) var featureNotes: [String] = []
  /// Where features end and why, be it told or a guess; empty for a network of the catalog, whose features are all that it gives.
  public var featureEnd: [RecognitionReason] {
    reasons.filter { if case .featureEnd = $0 { true } else { false } }
      + featureNotes.map { .featureEnd($0, other: otherFeatures) }
  }
  /// The layer that may be meant instead, where ``featureNotes`` say something; nil for none.
  public internal(set) var otherFeatures: String?
  /// What a network of the file's own graph gives, where no classifier is converted with it and none is left out; nil otherwise.
  public internal(set) var output: NetworkOutput?
  /// Whether what the network gives are numbers that were learnt for their own sake, and no features that a classifier reads.
  public var givesNumbers: Bool { output == .numbers }
  /// Whether features are pooled where the entry says so, and not behind the last layer, also ahead of a classifier.
  package internal(set) var poolsAsItsOwn = false
  /// The names of the catalog's networks.
  var known: [String] = []

  /// The network of the catalog.
  public var network: String { target.identifier }
  /// Whether the network is not in the catalog, but described by the file itself.
  public internal(set) var isOwnGraph = false
  /// The title of the network.
  public var title: String { target.title }
  /// The tag of the weight set that describes the file.
  public var weightSet: String { layout.tag }
  /// Which generation of Keras wrote the file: `keras1`, `keras2`, `tf.keras2`, `keras3`.
  public var era: String { layout.era.rawValue }
  /// Whether every tensor of the network is there, in the right shape, and nothing else except a classifier.
  public var fits: Bool { alignment.distance == 0 }
  /// How many tensors of the file belong to the network.
  public var tensorCount: Int { alignment.pairs.count }
  /// The number of classes of the classifier that is converted with the network; nil without a classifier. A single
  /// output stands for two classes.
  public var classCount: Int? { classifier.map { max(2, $0.outputCount) } }
  /// Counts a classifier's tensors among those that are converted; they are as the file has them.
  mutating func add(_ pairs: [Alignment.Pair]) {
    alignment = alignment.adding(pairs)
    let wrong = Set(alignment.wrongShape)
    mismatch.applied += pairs.filter { !wrong.contains($0) }.map(\.parameter.name)
    mismatch.wrongShape += pairs.filter(wrong.contains).map { alignment.words(ofWrongShape: $0) }
  }

  /// Notes why the graph that the file describes is not followed.
  mutating func leaveOwnGraph(_ problem: String) {
    ownGraphProblem = problem
    let lines = problem.split(separator: "\n").map { String($0.drop { $0 == " " }) }
    let rest = lines.count > 4 ? "; and \(lines.count - 4) more" : ""
    reasons.append(
      .evidence(
        "the graph that the file describes is left aside: " + lines.prefix(4).joined(separator: " ")
          + rest))
  }

  /// The shapes of the archive's tensors, by their names.
  package var shapes: [String: TensorShape] {
    Dictionary(alignment.pairs.map { ($0.parameter.name, $0.parameter.shape) }) { first, _ in first }
  }

  /// How many values they have together.
  public var valueCount: Int { alignment.pairs.reduce(0) { $0 + $1.parameter.shape.elementCount } }
}

/// Finds the entry and the weight set a file fits, by its content alone.
package struct Recognizer: Sendable {
  private let targets: ConversionTargets

  package init(_ targets: ConversionTargets) { self.targets = targets }

  /// The one best explanation of `file`, which need not fit: see ``Recognition/fits``.
  package func recognize(
    _ file: any WeightSource, options: ConversionOptions = ConversionOptions()
  ) throws -> Recognition {
    var recognition = try recognizeAsItIs(file, options)
    if let asked = options.interpolation {
      recognition.images.interpolation = asked
      recognition.reasons.append(.evidence("images are resized by '\(asked.rawValue)', as asked"))
    }
    return recognition
  }

  private func recognizeAsItIs(
    _ file: any WeightSource, _ options: ConversionOptions
  ) throws -> Recognition {
    if let described = file.facts.network { return try recognize(described, file, options) }
    var recognition = try recognizeByWeights(file, options)
    // What somebody insists on is not looked for in the file.
    if file.facts.framework == .pyTorch {
      return try recognition.ofPyTorch(file, options).ending(at: options.layer, file)
    }
    guard options.network == nil, options.graph == nil, let architecture = file.facts.architecture else {
      recognition.poolAs(file)
      return try recognition.ending(at: options.layer, file)
    }
    var own: OwnNetwork
    do throws(CatalogError) {
      own = try OwnNetwork(of: file, architecture: architecture, options)
    } catch {
      guard options.layer == nil else {
        throw ConversionError.undescribed(path: file.path, reason: error.description)
      }
      recognition.leaveOwnGraph(error.description)
      recognition.poolAs(file)
      return recognition
    }
    if own.alignment.pairs.isEmpty, own.alignment.missing.isEmpty {
      throw ConversionError.undescribed(
        path: file.path,
        reason: "none of its layers that learnt leads to its output: nothing of them is in what it gives; "
          + "save the model whose output they compute")
    }
    if let layer = options.layer {
      own = try own.ending(at: layer, file.path)
    } else if recognition.fits, own.alignment.distance > 0 {
      recognition.leaveOwnGraph(own.mismatch)
      recognition.poolAs(file)
      return recognition
    } else if options.dropsTop, own.parts.end == .nothingLearnt {
      throw ConversionError.noFeatures(path: file.path, layer: nil)
    }
    return try own.recognition(beside: nearest(recognition, to: file, options), file, options)
  }

  /// The network that the file describes in other words than Keras's; it goes by no other name than its own.
  private func recognize(
    _ described: DescribedNetwork, _ file: any WeightSource, _ options: ConversionOptions
  ) throws -> Recognition {
    if let asked = options.network ?? options.graph {
      throw ConversionError.undescribed(
        path: file.path,
        reason: "its own graph is what is converted: it cannot be taken for \(asked)")
    }
    var options = options
    if options.labels == nil, !options.leavesOut { options.labels = file.facts.labels }
    var own: OwnNetwork
    do throws(CatalogError) {
      own = try OwnNetwork(described, of: file, options)
    } catch {
      throw ConversionError.undescribed(path: file.path, reason: error.description)
    }
    if let layer = options.layer {
      own = try own.ending(at: layer, file.path)
    } else if options.dropsTop, own.parts.end == .nothingLearnt {
      throw ConversionError.noFeatures(path: file.path, layer: nil)
    }
    return try own.recognition(besides: targets.identifiers, file, options)
  }

  /// The recognition itself where it fits, or that of a model inside the file's that comes nearer: what stands around that one
  /// does not count then.
  private func nearest(
    _ recognition: Recognition, to file: any WeightSource, _ options: ConversionOptions
  ) throws -> Recognition {
    guard !recognition.fits else { return recognition }
    let inner = try file.facts.nestedModels.map { try recognizeByWeights(InnerModel(file, $0), options) }
    return ([recognition] + inner).min { $0.alignment.distance < $1.alignment.distance } ?? recognition
  }

  /// The best explanation by layers and shapes alone, whatever graph the file describes.
  private func recognizeByWeights(_ file: any WeightSource, _ options: ConversionOptions) throws
    -> Recognition
  {
    let candidates = try self.candidates(for: file, options)
    let nearest = candidates.map(\.alignment.distance).min()
    let fitting = candidates.filter { $0.alignment.distance == nearest }
    let scored = fitting.map { (candidate: $0, evidence: Evidence(for: $0, in: file)) }
    guard let best = try Self.likeliest(of: scored, file) else {
      guard file.facts.framework == .keras else {
        throw ConversionError.unknownStateDictionary(
          path: file.path, facts: file.summary, network: KnownStateDictionary.words(of: file.layers),
          nearest: nil)
      }
      throw ConversionError.unknown(what: "entry with weight sets", name: options.network ?? "", known: [])
    }
    var recognition = try recognition(best.candidate, best.evidence, file, options)
    let others = Set(fitting.map(\.target.identifier)).subtracting([best.candidate.target.identifier])
      .sorted()
    if nearest == 0, !others.isEmpty {
      recognition.reasons.append(
        .evidence(
          "it also fits \(others.joined(separator: ", ")), by layers and shapes: name the one that is meant"))
    }
    return recognition
  }

  private typealias Scored = (candidate: Candidate, evidence: Evidence)

  /// What explains most of the file. A published file is told by its digest where the graph depends on it, since users' files are
  /// laid out like it; what holds models is none.
  private static func likeliest(of scored: [Scored], _ file: any WeightSource) throws -> Scored? {
    func first(_ scored: [Scored]) -> Scored? { scored.max { $0.evidence.score < $1.evidence.score } }
    guard let best = first(scored), let published = best.candidate.set.file else { return first(scored) }
    let isNested = !file.facts.nestedModels.isEmpty
    let users = scored.filter { other in
      other.candidate.set.file == nil && other.candidate.target.identifier == best.candidate.target.identifier
    }
    let ofItsEra = users.filter { $0.candidate.set.era == best.candidate.set.era }
    guard var own = first(ofItsEra) ?? (isNested ? first(users) : nil) else { return best }
    if isNested { return own }
    guard own.candidate.set.graph != best.candidate.set.graph,
      try !Publication.isPublished(file.contents, best.candidate.set)
    else { return best }
    let digest =
      published.md5 == nil && published.sha256 == nil
      ? "whose digest was never recorded: if it is that file, its graph is \(best.candidate.set.graph ?? "the only one")"
      : "and has another digest"
    own.evidence.add("it is laid out as the published \(published.name), \(digest)")
    return own
  }

  /// A candidate for every weight set; sets that bind alike share an alignment.
  private static func candidates(
    of target: ConversionTarget, for file: any WeightSource
  ) throws(WeightSetError) -> [Candidate] {
    let layers = target.layers
    var alignments: [WeightBinding: Alignment] = [:]
    var candidates: [Candidate] = []
    for set in target.weightSets {
      let binding = try WeightBinding(of: set, layers: layers, siblings: target.weightSets)
      let alignment =
        alignments[binding] ?? Alignment(file, parameters: target.parameters, binding: binding)
      alignments[binding] = alignment
      var candidate = Candidate(target: target, set: set, binding: binding, alignment: alignment)
      if set.byOrder ?? false, alignment.distance > 0,
        let ordered = Alignment(
          inOrder: file, parameters: target.parameters, layers: binding.groups.map(\.layer))
      {
        (candidate.alignment, candidate.isByOrder) = (ordered, true)
      }
      candidates.append(candidate)
    }
    return candidates
  }

  /// What comes nearest to the file, and whatever was laid over it on the way: a network is read as long as it can come nearer
  /// than those before it.
  private func candidates(for file: any WeightSource, _ options: ConversionOptions) throws -> [Candidate] {
    if let network = try options.network ?? file.originalNetwork(of: targets.identifiers) {
      let found = try targets.targets(network, of: file.facts.framework).flatMap {
        try Self.candidates(of: $0, for: file)
      }
      return found.filter {
        file.facts.framework == .keras || options.graph == nil || $0.set.graph == options.graph
      }
    }
    var candidates: [Candidate] = []
    var nearest = Int.max
    for (target, leastDistance) in targets.candidates(for: file) where leastDistance <= nearest {
      let found = try Self.candidates(of: target(), for: file)
      nearest = found.map(\.alignment.distance).min().map { min($0, nearest) } ?? nearest
      candidates += found
    }
    return candidates
  }

  private func recognition(
    _ best: Candidate, _ evidence: Evidence, _ file: any WeightSource, _ options: ConversionOptions
  ) throws(ConversionError) -> Recognition {
    let kernels = RecognitionReason.kernels(of: best, in: file, override: options.kernels)
    let notes = file.facts.notes.map(RecognitionReason.evidence)
    let graph = try RecognitionReason.graph(of: best, in: file, override: options.graph)
    return Recognition(
      target: best.target, layout: best.set, graph: graph.variant, axisOrder: best.alignment.axisOrder,
      kernels: kernels.order,
      reasons: notes + (best.reasons(in: file) + evidence.reasons).map(RecognitionReason.evidence)
        + [kernels.reason, graph.reason],
      topLayers: best.alignment.top.map(\.name),
      mismatch: ConversionMismatch(best, kernels: kernels.order), graphDifferences: graph.differences,
      alignment: best.alignment, known: targets.identifiers)
  }
}

/// One of the models inside a file's.
private struct InnerModel: WeightSource {
  private let file: any WeightSource
  let facts: SourceFacts
  let layers: [SourceLayer]

  init(_ file: any WeightSource, _ name: String) {
    self.file = file
    layers = file.layers.filter { $0.path[0] == name }
    var facts = file.facts
    (facts.layerNames, facts.architecture) = (layers.map(\.name), nil)
    self.facts = facts
  }

  var contents: FileBytes { file.contents }

  func read(_ tensor: SourceTensor, into buffer: inout MutableRawSpan) throws {
    try file.read(tensor, into: &buffer)
  }
}

/// A weight set laid over a file.
struct Candidate: Sendable {
  let target: ConversionTarget
  let set: WeightSet
  let binding: WeightBinding
  var alignment: Alignment
  /// Whether layers were told by their order, since names do not tell them.
  var isByOrder = false

  /// Why it is this network.
  func reasons(in file: any WeightSource) -> [String] {
    let tensors = alignment.pairs.count - alignment.wrongShape.count
    let example = alignment.pairs.first.map { ", \($0.tensor.path) -> \($0.parameter.name)" } ?? ""
    let (found, known) = (file.layers.count, target.layers.count)
    let layers =
      found == known
      ? "its \(known) layers with weights are all here"
      : "\(found) layers have weights, \(known) of them are this network's"
    var sentences = [
      "\(tensors) of the \(counted(target.parameters.count, "tensor")) of \(target.identifier) are here by name and shape\(example); \(layers)"
    ]
    if isByOrder {
      sentences.append(
        "its layers go by other names, and stand in the order and have the shapes of \(target.identifier)'s: so Keras reads "
          + "such files, too")
    } else if !binding.autoNumbered.isEmpty {
      let stems = binding.autoNumbered.sorted().map { "\($0)_N" }.joined(separator: ", ")
      sentences.append(
        "the numbers of \(stems) depend on the process that wrote them, so layers bind by rank")
    }
    if !file.facts.nestedModels.isEmpty {
      let groups = file.facts.nestedModels
      sentences.append(
        groups.count == 1
          ? "the group \(groups[0]) holds a whole model"
          : "the groups \(groups.joined(separator: ", ")) hold a whole model each")
    }
    return sentences
  }
}

extension ConversionMismatch {
  init(_ candidate: Candidate, kernels: KernelOrder) {
    self.init(
      target: "\(candidate.target.identifier) (weight set \(candidate.set.tag))", candidate.alignment,
      kernels: kernels)
  }

  init(target: String, _ alignment: Alignment, kernels: KernelOrder) {
    self.init(target: target)
    let wrong = Set(alignment.wrongShape)
    for pair in alignment.pairs where !wrong.contains(pair) {
      let change = KernelTransform(of: pair, axes: alignment.axisOrder, kernels: kernels)
      if change.isIdentity, pair.tensor.storedShape == nil {
        applied.append(pair.parameter.name)
      } else {
        transformed.append(pair.parameter.name)
      }
    }
    missing = alignment.missing.map { "\($0.name) \($0.shape)" }
    unused = alignment.unused.map { "\($0.path) \($0.shape)" }
    wrongShape = alignment.wrongShape.map { alignment.words(ofWrongShape: $0) }
  }
}
