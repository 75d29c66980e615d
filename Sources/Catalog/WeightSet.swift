public import Errors
package import Tensors

/// How the weights of one published file, or of one generation of user-saved files, are laid out: what
/// `zoo/<entry>/weights/<tag>.json` says.
package struct WeightSet: Hashable, Sendable {
  /// The file's identity, where one was published.
  package struct PublishedFile: Hashable, Sendable, Codable {
    package var name: String
    /// The address it was published at, or that of the page it was published on.
    package var source: String
    package var size: Int?
    package var md5: String?
    package var sha256: String?
    /// The same weights with the classifier's layers, where one was published.
    package var withTop: Digest?

    enum CodingKeys: String, CodingKey, CaseIterable { case name, source, size, md5, sha256, withTop }
  }

  package struct Digest: Hashable, Sendable, Codable {
    package var size: Int?
    package var md5: String?
    package var sha256: String?

    enum CodingKeys: String, CodingKey, CaseIterable { case size, md5, sha256 }
  }

  /// Which Keras wrote the file; decides how weights spell their roles.
  package enum Era: String, Hashable, Sendable, Codable {
    case keras1, keras2
    case tfKeras2 = "tf.keras2"
    case keras3
    /// `model.state_dict()` of PyTorch.
    case pytorch

    /// The program whose names and order of axes such files have.
    package var framework: Framework { self == .pytorch ? .pyTorch : .keras }
  }

  package var tag: String
  package var title: String
  package var file: PublishedFile?
  package var era: Era
  /// First and last version of Keras that wrote such files.
  package var kerasVersions: [String]?
  /// The variant of the entry's graph these weights belong to; nil when the entry has one graph.
  package var graph: String?
  package var graphNote: String?
  package var axisOrder: AxisOrder
  package var kernels: KernelOrder
  /// How weights are named: `{layer}_{role}_1:0`.
  package var weightNames: String
  /// How kernels are named where they go their own way: `uniform{rank}`.
  package var kernelNames: String?
  /// The number the first layer of an auto-numbered kind has; 0 writes none.
  package var firstNumber: Int?
  package var licence: String?
  package var paper: String?
  /// What this description rests on.
  package var basis: String
  /// Layers without weights that such files name, and that they do not name.
  package var layersPresent: [String]?
  package var layersAbsent: [String]?
  /// Whether layers are told by their order where names do not tell them, as Keras itself reads such a file.
  package var byOrder: Bool?
  /// Another set of the entry whose ``autoNumbered`` and ``layers`` are this one's too.
  package var bindingOf: String?
  /// Stems whose numbers depend on what else a process had built: `conv2d` of `conv2d_17`. Layers of such a
  /// stem bind by the rank of their number.
  package var autoNumbered: [String]?
  /// Layer of the entry, group in the file. A layer that is not listed has its own name.
  package var layers: [[String]]?
  /// What gives every layer its group, in place of ``layers``: a pattern of layers' names and that of their groups each.
  package var rules: [[String]]?
  /// Groups that such files have besides and that no features come from, by what their names begin with.
  package var leftOut: [String]?
  /// What PyTorch's module calls the factors of a `LayerScale`; nil for `layer_scale`, with two axes of extent 1 behind the channels.
  package var layerScale: String?
  /// The dense layers of such files' classifier, or its one convolution, in their order: group and activation each, and `convolution`
  /// where a dense layer is kept as one as large as what it reads.
  package var classifier: [[String]]?
  /// What the first of them reads: `pooled` (the default), the mean of every channel, `flattened`, all pixels, or `pixels`, one after
  /// the other.
  package var classifierReads: ClassifierInput?
}

extension WeightSet: Codable {
  enum CodingKeys: String, CodingKey, CaseIterable {
    case tag, title, file, era, kerasVersions, graph, graphNote, axisOrder, kernels, weightNames, kernelNames
    case firstNumber, licence, paper, basis, layersPresent, layersAbsent, byOrder, bindingOf, autoNumbered,
      layers, rules, leftOut, layerScale, classifier, classifierReads
  }

  /// Whether a listed layer of the classifier is a dense one that such files keep as a convolution.
  package static func isConvolution(_ listed: [String]) -> Bool {
    listed.count > 2 && listed[2] == "convolution"
  }

  /// What a classifier reads of the features.
  package enum ClassifierInput: String, Hashable, Sendable, Codable {
    /// The mean of every channel.
    case pooled
    /// All pixels as one row.
    case flattened
    /// Each pixel by itself: a convolution of 1 x 1 with a map for every class, the mean of which are the scores.
    case pixels

    /// The shape of a dense layer's kernel that is kept as a convolution, in our order of axes: as large as the features where it reads
    /// them `flattened`.
    package func convolutionShape(_ features: TensorShape?, inputs: Int, outputs: Int) -> TensorShape {
      guard self == .flattened, let features, features.rank == 3 else { return [1, 1, inputs, outputs] }
      return TensorShape(features.dimensions + [outputs])
    }

    /// The shape of the first layer's kernel, in our order of axes.
    package func kernelShape(reading features: TensorShape, outputs: Int) -> TensorShape {
      let channels = features.dimensions.last ?? 0
      return switch self {
      case .pooled: [channels, outputs]
      case .flattened: [features.elementCount, outputs]
      case .pixels: [1, 1, channels, outputs]
      }
    }
  }
}

/// Which group of a file holds which layer of an entry.
package struct WeightBinding: Hashable, Sendable {
  /// Layers in the file's order, each with its group.
  package var groups: [(layer: String, group: String)] { zip(layers, names).map { ($0, $1) } }
  private let layers: [String]
  private let names: [String]
  /// Stems whose numbers count only by their rank.
  package let autoNumbered: Set<String>
  /// Groups that are not looked at, by what their names begin with.
  package let leftOut: [String]
  /// The groups of the classifier that such files have.
  package let classifier: [String]

  /// The binding of `set` for the weighted `layers` of its entry, or the reason there is none.
  ///
  /// - Parameter siblings: The entry's weight sets, for ``WeightSet/bindingOf``.
  package init(
    of set: WeightSet, layers: [String], siblings: [WeightSet]
  ) throws(WeightSetError) {
    var source = set
    if let tag = set.bindingOf {
      guard let shared = siblings.first(where: { $0.tag == tag }), shared.bindingOf == nil else {
        throw .invalid(set.tag, "bindingOf names '\(tag)', which is no set with a binding of its own")
      }
      source = shared
    }
    leftOut = source.leftOut ?? []
    classifier = (source.classifier ?? []).compactMap(\.first)
    if let rules = source.rules {
      self.layers = layers
      names = try BindingRules(rules, tag: set.tag).groups(of: layers)
      autoNumbered = []
      try requireUnique(set)
      return
    }
    let listed = try Self.listed(source, among: layers)
    let groupOfLayer = Dictionary(uniqueKeysWithValues: listed)
    // A full listing is in the file's order; otherwise the file follows the entry.
    self.layers = listed.count == layers.count ? listed.map(\.0) : layers
    names = self.layers.map { groupOfLayer[$0] ?? $0 }
    autoNumbered = Set(source.autoNumbered ?? [])
    try requireUnique(set)
  }

  private func requireUnique(_ set: WeightSet) throws(WeightSetError) {
    guard Set(names).count == names.count else {
      throw .invalid(set.tag, "two layers are bound to one group")
    }
  }

  private static func listed(
    _ set: WeightSet, among layers: [String]
  ) throws(WeightSetError) -> [(String, String)] {
    let known = Set(layers)
    var seen: Set<String> = []
    var result: [(String, String)] = []
    for line in set.layers ?? [] {
      guard line.count == 2 else { throw .invalid(set.tag, "\(line) is not a layer and a group") }
      guard known.contains(line[0]) else {
        throw .invalid(set.tag, "'\(line[0])' is no layer of the entry that has weights")
      }
      guard seen.insert(line[0]).inserted else {
        throw .invalid(set.tag, "'\(line[0])' is bound twice")
      }
      result.append((line[0], line[1]))
    }
    return result
  }
}

/// Why a weight set cannot be what it says.
public enum WeightSetError: ZooError, Hashable {
  /// A set, by its tag, that contradicts itself, its entry or another set.
  case invalid(String, String)
  /// A file that is no weight set.
  case malformed(file: String, reason: String)

  /// The kind of trouble.
  public var family: ErrorFamily { .malformed }

  /// The sentence.
  public var description: String {
    switch self {
    case .invalid(let tag, let problem): "weight set \(tag): \(problem); correct its file in the catalog"
    case .malformed(let file, let reason): "\(file): not a weight set: \(reason)"
    }
  }
}
