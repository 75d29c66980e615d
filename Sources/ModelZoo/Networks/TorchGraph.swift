import Catalog
import TensorArchive
import Tensors
import TorchWeights
import Training
import WeightConversion

/// The network of torchvision or timm that computes what an archive's graph does, and how it names its layers.
struct TorchGraph {
  let set: WeightSet
  let graph: LayerGraph
  let parameters: [Parameter]
  /// What PyTorch calls each layer that has weights.
  let groups: [String: String]
  /// What differs ahead of the graph, in sentences.
  let notes: [String]

  /// - Throws: `TorchWeightsError` where neither of them has such a network, or none with this graph.
  init(of network: ArchivedNetwork, _ path: String, _ catalog: EntryCatalog) throws {
    let identifier = network.entry.identifier
    let known = catalog.identifiers.contains(identifier)
    let graphs = known ? try Self.graphs(of: identifier, for: network.variant, catalog) : []
    guard !graphs.isEmpty else {
      throw TorchWeightsError.inexpressible(
        path: path, network: identifier,
        differences: ["neither torchvision nor timm has a network of this name that the catalog knows"])
    }
    let own = try network.graph()
    var nearest: [String]?
    var found: (set: WeightSet, target: ConversionTarget, graph: LayerGraph, pixelsAgree: Bool)?
    for name in graphs {
      let target = try ConversionTarget(identifier, of: catalog, graph: name)
      let entry = try CatalogEntry(json: target.json, file: identifier)
      let graph = try entry.graph(variant: name)
      let differences = Self.differences(own, from: graph, target.layers)
      guard differences.isEmpty, let set = target.weightSets.first else {
        if differences.count < nearest?.count ?? .max { nearest = differences }
        continue
      }
      let agree = entry.preprocessing(variant: name) == network.preprocessing
      if found == nil || agree && found?.pixelsAgree != true { found = (set, target, graph, agree) }
    }
    guard let found else {
      throw TorchWeightsError.inexpressible(path: path, network: identifier, differences: nearest ?? [])
    }
    set = found.set
    graph = found.graph
    parameters = found.target.parameters
    let binding = try WeightBinding(
      of: found.set, layers: found.target.layers, siblings: found.target.weightSets)
    groups = Dictionary(binding.groups.map { ($0.layer, $0.group) }) { first, _ in first }
    notes =
      found.pixelsAgree
      ? []
      : [
        "pixels are to be preprocessed by '\(network.preprocessing.label)', as for this archive, and not as \(set.title) has it"
      ]
  }

  /// The graphs of PyTorch that an entry has: the archive's own first, then torchvision's, then others.
  private static func graphs(
    of identifier: String, for variant: String?, _ catalog: EntryCatalog
  ) throws -> [String] {
    func rank(_ name: String) -> Int { name == variant ? 0 : name.hasPrefix("torchvision") ? 1 : 2 }
    let names = try catalog.foreignGraphs(of: identifier).filter { $0.framework == .pyTorch }.map(\.graph)
    return names.enumerated().sorted { (rank($0.element), $0.offset) < (rank($1.element), $1.offset) }
      .map(\.element)
  }

  private static func differences(_ own: LayerGraph, from graph: LayerGraph, _ layers: [String]) -> [String] {
    let names = Dictionary(layers.map { ($0, $0) }) { first, _ in first }
    // What is expected is torchvision's; the other way round is looked at only where a graph goes on behind the end of the other.
    let differences = GraphComparison(expected: graph, found: own, names: names).differences
    guard differences.isEmpty, !GraphComparison(expected: own, found: graph, names: names).differences.isEmpty
    else { return differences }
    return ["the last layer: expected that of torchvision's network, found others behind it"]
  }
}

/// The head of a trained model as the classifier of a network of torchvision.
struct TorchHead {
  private(set) var parameters: [Parameter] = []
  /// What PyTorch calls its layers with weights; empty where there is no head.
  private(set) var groups: [String: String] = [:]
  /// The dense layer that reads flattened features, and these.
  private(set) var flattened: (layer: String, features: TensorShape)?
  /// Kernels of dense layers that the network has as convolutions, in the shape of such, by the layers' names.
  private(set) var convolutions: [String: TensorShape] = [:]
  private(set) var notes: [String] = []

  /// - Parameter isLeftOut: whether a head that there is stays behind.
  /// - Throws: `TorchWeightsError` where the head is another than the network's classifier.
  init(
    of archive: Archive, _ match: TorchGraph, _ network: ArchivedNetwork, isLeftOut: Bool = false
  ) throws {
    if match.set.leftOut != nil {
      notes.append(
        "the auxiliary classifier is not in the file: build the network without it (aux_logits=False)")
    }
    let listed = match.set.classifier ?? []
    guard !isLeftOut, let sections = ModelSections(archive) else {
      let names = listed.compactMap(\.first)
      if !names.isEmpty {
        notes.append(
          "there is no classifier in it: put torch.nn.Identity() in the place of \(names.joined(separator: ", ")) ahead of load_state_dict"
        )
      }
      return
    }
    let operations = try sections.head(archive).head.layers.map(\.operation)
    let input = match.set.classifierReads ?? .pooled
    let options = try sections.backboneOptions()
    let features = try network.graph().activationShapes(
      height: network.entry.defaultSize.height, width: network.entry.defaultSize.width
    ).last
    let weighted = zip(operations, operations.automaticNames).compactMap { operation, name in
      ((operation as? Catalog.Dense)?.units ?? (operation as? Conv2D)?.filters).map {
        (name: name, outputs: $0)
      }
    }
    guard options.layer == nil, (options.pooling == .none) == (input != .pooled),
      weighted.count == listed.count,
      Self.isClassifier(operations, listed, input), let features
    else {
      throw TorchWeightsError.inexpressible(
        path: archive.path, network: network.entry.identifier,
        differences: [
          "the head is not the classifier of this network: \(Self.words(listed, input)); "
            + "leave the head out, which gives the network's weights alone"
            + (try sections.fineTuning() == nil ? "" : ", those that were trained with it among them")
        ])
    }
    for (index, (entry, listed)) in zip(weighted, listed).enumerated() {
      let layer = Classifier.prefix + entry.name
      groups[layer] = listed[0]
      if WeightSet.isConvolution(listed),
        let kernel = archive.declaration(of: "\(layer)/kernel")?.shape.dimensions, kernel.count == 2
      {
        convolutions[layer] = (index == 0 ? input : .pooled).convolutionShape(
          features, inputs: kernel[0], outputs: kernel[1])
      }
      for role in ["kernel", "bias"] {
        guard let found = archive.declaration(of: "\(layer)/\(role)") else { continue }
        parameters.append(Parameter(layer: layer, role: role, shape: found.shape, isTrainable: true))
      }
      if index == 0, input == .flattened { flattened = (layer, features) }
    }
    notes.append(
      "its classifier has \(weighted.last?.outputs ?? 0) outputs, scores without a softmax: build the network with num_classes of that"
    )
  }

  /// Whether operations are the layers that are listed, with their activations, the last of which may have one that makes probabilities.
  private static func isClassifier(
    _ operations: [any LayerOperation], _ listed: [[String]], _ input: WeightSet.ClassifierInput
  ) -> Bool {
    var activations: [Activation] = []
    let wanted = listed.map { $0.count > 1 ? Activation(kerasName: $0[1]) : .linear }
    if input == .pixels {
      let layers = operations.filter { !($0 is Catalog.Dropout) }
      guard layers.count >= 2, let map = layers[0] as? Conv2D, map.window == SlidingWindow(), map.useBias,
        map.groups == 1, [map.activation] == wanted, layers[1] is Catalog.GlobalAveragePooling2D
      else { return false }
      return layers.count == 2
        || layers.count == 3 && (layers[2] as? ActivationLayer)?.activation.givesProbabilities == true
    }
    for (index, operation) in operations.enumerated() {
      switch operation {
      case let dense as Catalog.Dense where dense.useBias: activations.append(dense.activation)
      case is Catalog.Flatten where input == .flattened && index == 0: break
      case is Catalog.Dropout: break
      case let activation as ActivationLayer where activations.last == .linear:
        activations[activations.count - 1] = activation.activation
      default: return false
      }
    }
    guard activations.count == wanted.count, let last = activations.last else { return false }
    let isEnd = last == .linear || last.givesProbabilities
    return isEnd && zip(activations.dropLast(), wanted).allSatisfy { $0 == $1 }
  }

  private static func words(_ listed: [[String]], _ input: WeightSet.ClassifierInput) -> String {
    guard !listed.isEmpty else { return "it has none of dense layers" }
    if input == .pixels {
      return "expected a convolution of 1 x 1 with \(listed[0].last ?? "linear") and the mean of its maps"
    }
    return "expected \(listed.count) dense layer\(listed.count == 1 ? "" : "s") with the activations "
      + "\(listed.map { $0.count > 1 ? $0[1] : "linear" }.joined(separator: ", ")) of \(input == .flattened ? "flattened" : "averaged") features"
  }
}
