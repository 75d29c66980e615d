import Catalog
import Tensors

/// The network that a file itself describes, laid over the file's tensors.
struct OwnNetwork {
  let network: DraftedNetwork
  /// The input's rows and columns; what is usual where the file leaves them open.
  let size: Extent
  /// How the network itself brings images of any size to one, where it does; that is done when they are read.
  let resizing: Resizing?
  var parts: NetworkParts
  /// The loss it was trained with, where that is known.
  let loss: CompiledLoss?
  let alignment: Alignment
  /// How pixels are scaled before it, where the file says so.
  let stated: Preprocessing?
  /// Whether it scales pixels itself, where the file describes it in other words than Keras's.
  let isKnownToScale: Bool?

  /// Throws what of the file's architecture cannot be described.
  ///
  /// - Parameters:
  ///   - options: whether of a network with several outputs the part that all of them read is looked at, and what else is known of it.
  init(
    of file: any WeightSource, architecture: String, _ options: ConversionOptions
  ) throws(CatalogError) {
    let network = try DraftedNetwork(
      json: architecture, kerasVersion: file.facts.writerVersion, sharedPart: options.leavesOut,
      layer: options.layer)
    try self.init(network, of: file, options, loss: CompiledLoss(json: file.facts.training ?? architecture))
  }

  /// The network that a file describes in other words than Keras's.
  init(_ described: DescribedNetwork, of file: any WeightSource, _ options: ConversionOptions)
    throws(CatalogError)
  {
    let network = try DraftedNetwork(described, size: file.facts.imageSize)
    try self.init(network, of: file, options, loss: nil)
  }

  private init(
    _ drafted: DraftedNetwork, of file: any WeightSource, _ options: ConversionOptions, loss: CompiledLoss?
  ) throws(CatalogError) {
    var network = drafted
    resizing = network.takeResizing()
    self.network = network
    stated = file.facts.preprocessing
    size = network.inputSize ?? resizing.map { Extent($0.height, $0.width) } ?? Extent(224, 224)
    self.loss = loss
    isKnownToScale = file.facts.network?.scalesPixels
    parts = try NetworkParts(
      network.graph, size: size, isWhole: !network.isShared,
      evidence: OutputEvidence(loss: loss, labelCount: options.labels?.count))
    guard [1, 3].contains(network.channels) else {
      throw .unsupportedLayers([
        "\(network.graph.layers[0].name) (InputLayer): its images have \(network.channels) channels; expected 3, or 1"
      ])
    }
    let parameters = try network.graph.parameters(height: size.height, width: size.width)
    alignment = OwnBinding(file.layers, paths: network.paths).alignment(parameters)
    if givesNumbers(options) {
      parts = NetworkParts(numbersOf: network.graph, loss: loss?.name, ratherThan: parts)
    }
  }

  /// Whether what it gives are numbers of their own, and no classes' scores or probabilities. One number without an activation is one,
  /// unless a loss or names of classes say otherwise.
  private func givesNumbers(_ options: ConversionOptions) -> Bool {
    guard !network.isShared, !parts.endsInProbabilities else { return false }
    if let loss { return loss.isOfRegression }
    guard options.labels == nil, let classifier = Classifier(parts, size: size) else { return false }
    return classifier.outputCount == 1
  }

  /// Whether the features are the numbers that the network gives, which were learnt for their own sake.
  var isOfNumbers: Bool { if case .numbers = parts.end { true } else { false } }

  /// What of its graph the file's weights do not fit, in a sentence.
  var mismatch: String {
    let lists = [
      ("missing", alignment.missing.map(\.name)), ("unused", alignment.unused.map(\.path)),
      ("wrong shape", alignment.wrongShape.map { alignment.words(ofWrongShape: $0) }),
    ]
    let sides = lists.filter { !$0.1.isEmpty }.map { name, members in
      "\(members.count) \(name) (\(members[0])\(members.count > 1 ? ", ..." : ""))"
    }
    return "it has not the file's weights: \(sides.joined(separator: ", "))"
  }

  /// Its classifier. Scores that were each trained for itself become probabilities each for itself.
  var classifier: Classifier? {
    guard let classifier = Classifier(parts, size: size), classifier.outputCount > 1, loss?.isBinary == true,
      !parts.endsInProbabilities
    else { return Classifier(parts, size: size) }
    return Classifier(parts, size: size, closing: ActivationLayer(.sigmoid))
  }

  /// Whether pixels are scaled inside the network: ahead of its first weighted sum.
  var scalesPixels: Bool {
    if let isKnownToScale { return isKnownToScale }
    if network.reversesChannels { return true }
    let layers = network.graph.layers
    var last = layers.first?.name
    while let name = last {
      let readers = layers.filter { $0.inputs.contains(name) }
      guard readers.count == 1, let reader = readers.first else { return false }
      if reader.operation.scalesPixels { return true }
      guard
        reader.operation.isIdentityAtInference || reader.operation is ActivationLayer
          || reader.operation is ZeroPadding2D || reader.operation is Cropping2D
          || reader.operation is Resizing || reader.operation is CenterCrop
      else { return false }
      last = reader.name
    }
    return false
  }
}

extension LayerOperation {
  fileprivate var scalesPixels: Bool {
    self is Rescaling || self is Normalization || self is BatchNormalization
  }
}

/// Which tensors of a file belong to which layer of the graph that the file itself describes: by the models that both stand in
/// and by name, and where names say too little, by order.
struct OwnBinding {
  private let layers: [SourceLayer]
  private let paths: [String: [String]]

  init(_ layers: [SourceLayer], paths: [String: [String]]) { (self.layers, self.paths) = (layers, paths) }

  func alignment(_ parameters: [Parameter]) -> Alignment {
    var wanted: [(layer: String, parameters: [Parameter])] = []
    for parameter in parameters {
      if wanted.last?.layer == parameter.layer {
        wanted[wanted.count - 1].parameters.append(parameter)
      } else {
        wanted.append((parameter.layer, [parameter]))
      }
    }
    let found = sources(of: wanted.map(\.layer))
    var pairs: [Alignment.Pair] = []
    var missing: [Parameter] = []
    var unused: [SourceTensor] = []
    for (layer, parameters) in wanted {
      let tensors = (found[layer] ?? []).flatMap { layers[$0].weights }
      let roles = RoleMatch(tensors, wanted: parameters)
      pairs += roles.pairs
      missing += roles.missing
      unused += roles.unused
    }
    let used = Set(found.values.joined())
    let others = layers.indices.filter { !used.contains($0) }.map { layers[$0] }
    return Alignment(
      pairs: pairs, sourceLayers: found.compactMapValues { $0.first.map { layers[$0].name } },
      missing: missing,
      unused: unused, top: others)
  }

  /// For each layer, where its tensors are: one of the file's layers, or several that share its group.
  private func sources(of wanted: [String]) -> [String: [Int]] {
    var found: [String: [Int]] = [:]
    var free = Set(layers.indices)
    let exact = Dictionary(layers.indices.map { (layers[$0].path, $0) }) { first, _ in first }
    let groups = Dictionary(grouping: layers.indices) { layers[$0].path[0] }
    let members = Dictionary(grouping: wanted) { paths[$0]?[0] ?? $0 }
    for layer in wanted {
      let path = paths[layer] ?? [layer]
      if let index = exact[path] {
        found[layer] = [index]
        free.remove(index)
      } else if members[path[0]]?.count == 1, let group = groups[path[0]] {
        found[layer] = group
        free.subtract(group)
      }
    }
    for layer in wanted where found[layer] == nil {
      let path = paths[layer] ?? [layer]
      let candidates = (groups[path[0]] ?? []).filter(free.contains)
      let likeness = candidates.map { (index: $0, score: Self.likeness(layers[$0].name, path)) }
      guard
        let best = likeness.filter({ $0.score > 0 }).max(by: { ($0.score, -$0.index) < ($1.score, -$1.index) }
        )
      else { continue }
      found[layer] = [best.index]
      free.remove(best.index)
    }
    let missing = members.mapValues { $0.filter { found[$0] == nil } }
    addNameless(&found, groups, missing, free)
    return found
  }

  /// tf.keras writes an adapted normalisation's numbers without its name: in a model inside the model they are those of the only
  /// layer that is left.
  private func addNameless(
    _ found: inout [String: [Int]], _ groups: [String: [Int]], _ missing: [String: [String]],
    _ free: Set<Int>
  ) {
    for (group, names) in missing where names.count == 1 {
      let nameless = (groups[group] ?? []).filter { free.contains($0) && layers[$0].name.isEmpty }
      if nameless.count == 1 { found[names[0]] = nameless }
    }
  }

  /// How much a name in a file, `inner/conv1_1`, is like a layer's path; 0 where it is another's. A second build in one session
  /// gives numbers, which count less than none.
  private static func likeness(_ name: String, _ path: [String]) -> Int {
    let suffixes = path.indices.map { path[$0...].joined(separator: "/") }
    func score(_ name: String) -> Int {
      for (index, suffix) in suffixes.enumerated() where name == suffix || name.hasSuffix("/" + suffix) {
        return 2 * (path.count - index) + 1
      }
      return 0
    }
    let plain = score(name)
    let numbered = AutoNumberedName(name)
    return plain > 0 || numbered.number == 0 ? plain : max(0, score(numbered.stem) - 1)
  }
}
