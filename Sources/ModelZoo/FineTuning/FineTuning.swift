import Catalog
import Encoding
import Tensors
public import Training

/// How a part of a backbone is trained with a head, as Keras's guide to fine-tuning does.
///
/// ```swift
/// var options = TrainingOptions(fit: .epochs(12, optimizer: .adam(learningRate: 1e-3)))
/// options.fineTuning = FineTuning(.from("conv5_block3_1_conv"), headEpochs: 4, learningRate: 1e-5)
/// ```
///
/// What lies below the lowest layer that is trained is computed once for every image, whatever the number of epochs. A batch
/// normalisation that is trained goes by its batches and moves its averages; one that is not goes by its averages.
public struct FineTuning: Hashable, Sendable {
  /// The layers that are trained.
  public var layers: BackboneLayers
  /// The first epochs, in which the head alone is trained, so that its first, large errors do not reach the backbone. The
  /// optimizer begins anew behind them.
  public var headEpochs: Int
  /// The learning rate of the backbone's layers; nil for that of the head. It goes up and down with that.
  public var learningRate: Double?
  /// Whether batch normalisations stay as they are: none of their parameters learns, and they go by their averages.
  public var freezesBatchNormalization: Bool
  /// How much of a batch normalisation's moving average stays in a step, from 0 to 1; nil for what each layer of the network says,
  /// or Keras's default of 0.99 where it says nothing.
  public var normalizationMomentum: Double?
  /// The most bytes that the values and gradients of a batch may take; nil for what memory there is. Where they would take more,
  /// values are computed again when gradients need them, which changes no bit of the result: first what costs little, such as
  /// normalisations and activations, then all between the ends of blocks, for the time of one more forward pass.
  public var batchMemory: Int?

  /// Trains `layers`, from the first epoch on and at the head's learning rate unless the others say otherwise.
  public init(
    _ layers: BackboneLayers, headEpochs: Int = 0, learningRate: Double? = nil,
    freezesBatchNormalization: Bool = false, normalizationMomentum: Double? = nil, batchMemory: Int? = nil
  ) {
    self.layers = layers
    self.headEpochs = headEpochs
    self.learningRate = learningRate
    self.freezesBatchNormalization = freezesBatchNormalization
    self.normalizationMomentum = normalizationMomentum
    self.batchMemory = batchMemory
  }
}

/// How many numbers of a backbone and a head are trained, as Keras's `model.summary()` counts them.
public struct TrainedParameters: Hashable, Sendable {
  /// All.
  public let total: Int
  /// Those that training changes by gradients.
  public let trainable: Int
  /// The others: frozen ones, and moving averages.
  public var nonTrainable: Int { total - trainable }
}

/// A backbone divided into what stays frozen and what is trained.
struct DividedBackbone {
  /// What is trained.
  let tail: BackboneTail
  /// What stays as it is: it gives the features that the tail reads.
  let frozen: Backbone
  let record: FineTuningRecord

  init(_ backbone: Backbone, by options: FineTuning) throws {
    tail = try BackboneTail(of: backbone, by: options)
    frozen = try backbone.reading(tail.sources.map(\.layer))
    record = FineTuningRecord(
      source: backbone.digest, layers: tail.layers.filter(\.learns).map(\.name),
      parameterCount: tail.trainableCount, headEpochs: options.headEpochs, learningRate: options.learningRate)
  }
}

extension BackboneTail {
  /// The part of a backbone that is trained where `options` say so.
  ///
  /// - Throws: `CatalogError.unknownLayer(_:nearest:)`, ``ModelZooError/unfreezing(expected:found:)``.
  init(of backbone: Backbone, by options: FineTuning) throws {
    let (graph, pooling) = try backbone.trainedGraph()
    let size = Extent(backbone.inputShape[0], backbone.inputShape[1])
    var names: Set<String>
    do {
      names = try options.layers.names(in: graph, blocks: backbone.network.entry.blockLayers, size: size)
    } catch {
      throw backbone.problem(with: options.layers) ?? error
    }
    if options.freezesBatchNormalization {
      let normalizations = graph.layers.filter { $0.operation is Catalog.BatchNormalization }.map(\.name)
      names.subtract(normalizations)
    }
    guard !names.isEmpty else {
      throw ModelZooError.unfreezing(
        expected: "a layer besides batch normalisations, which stay frozen", found: "\(options.layers)")
    }
    try self.init(
      of: graph, height: size.height, width: size.width, training: names,
      with: Set([pooling].compactMap(\.self)), momentum: options.normalizationMomentum,
      dropsBranches: backbone.network.dropsBranches, isExact: backbone.options.isExact)
  }

  /// What a user should know before it is trained as `options` say: what the file of the network says of its training and is not
  /// applied, and a setting that nothing heeds.
  func warnings(_ options: FineTuning) -> [String] {
    var warnings: [String] = []
    let named = layers.compactMap { layer -> String? in
      let said = layer.unapplied.filter { layer.learns || $0.hasPrefix("activity") }
      return said.isEmpty ? nil : "\(layer.name) (\(said.joined(separator: ", ")))"
    }
    if !named.isEmpty {
      warnings.append(
        "fine-tuning: what the file says of the training of the network's own layers is not applied: \(named.firstNamed); "
          + "Keras would apply it")
    }
    if let momentum = options.normalizationMomentum, !movesAverages {
      warnings.append(
        "fine-tuning: a momentum of \(momentum) for moving averages has no effect, since no batch normalisation of the "
          + "backbone is trained")
    }
    return warnings
  }

  /// The parameters that learn.
  var trainableCount: Int { ParameterCounts(layers.filter(\.learns).flatMap(\.parameters)).trainable }
}

extension ArchivedNetwork {
  /// Whether it is a network of the catalog, archived before entries said it, whose dropouts ahead of sums drop whole samples.
  fileprivate var dropsBranches: Bool {
    func states(_ graph: LayerGraph?) -> Bool {
      graph?.layers.contains { ($0.operation as? Catalog.Dropout)?.noiseShape.isEmpty == false } ?? false
    }
    guard let known = try? EntryCatalog.embedded.entry(entry.identifier) else { return false }
    return states(try? known.graph(variant: known.variants.first?.name)) && !states(try? graph())
  }
}

extension Backbone {
  /// That layers to train are behind the features; nil where they are not.
  fileprivate func problem(with layers: BackboneLayers) -> ModelZooError? {
    guard let end = options.layer else { return nil }
    let found = layersBehind(end).filter(layers.names)
    guard !found.isEmpty else { return nil }
    let owner = network.features.layer == end ? ", with the model's classifier" : ""
    return .unfreezing(
      expected: "layers up to \(end), where features end",
      found: "\(found.firstNamed), behind that\(owner)")
  }

  /// The network up to the features that a head reads, pooling included, and what that is called where it is none of the network's
  /// layers.
  func trainedGraph() throws -> (graph: LayerGraph, pooling: String?) {
    let whole = try network.graph()
    var graph = try options.layer.map { try whole.truncated(at: $0) } ?? whole
    guard let pooling = options.pooling.graphLayer else { return (graph, nil) }
    let rest = layersBehindPooling
    let shapes = try graph.activationShapes(height: inputShape[0], width: inputShape[1])
    guard shapes.last?.rank == 3 else { return (graph, nil) }
    graph.layers.removeLast(rest.count)
    let taken = Set(graph.layers.map(\.name) + rest.map(\.name))
    var name = pooling.name
    while taken.contains(name) { name += "_" }
    var last = name
    let inputs = graph.layers.suffix(1).map(\.name)
    graph.layers.append(Layer(name: last, operation: pooling.operation, inputs: inputs))
    for layer in rest {
      graph.layers.append(layer.reading([last]))
      last = layer.name
    }
    return (graph, name)
  }

  /// How many numbers are trained where `head` is trained on this backbone as `options` say.
  ///
  /// - Throws: what training throws before any feature is computed.
  public func trainedParameters(
    training head: Head, options: TrainingOptions = TrainingOptions()
  ) throws -> TrainedParameters {
    let summary = try head.summary(inputShape: featureShape)
    let own = summary.reduce(0) { $0 + $1.parameterCount }
    let fixed = summary.reduce(0) { $0 + $1.nonTrainableParameterCount }
    let tuned = try options.fineTuning.map { try BackboneTail(of: self, by: $0).trainableCount } ?? 0
    return TrainedParameters(total: try parameterCount + own, trainable: own - fixed + tuned)
  }
}
