import Tensors

/// A network taken apart where its features are: what computes them, and the layers that classify by them.
package struct NetworkParts: Sendable {
  /// What computes features, and all else that is no classifier's.
  package let backbone: LayerGraph
  /// What is left without any classifier: where that begins in one row of numbers, what is pooled or flattened to it.
  package let features: LayerGraph
  /// How the features are pooled ahead of the classifier: a layer that leaves one number a channel; nil where they are not.
  package let pooling: Layer?
  /// The layers from there to the output, one after the other; empty where these are no classifier's.
  package private(set) var classifier: [Layer]
  /// The layer of the backbone ahead of which features are pooled; nil where they are pooled behind its last.
  package let poolsAhead: String?
  /// What tells where the features end.
  package private(set) var end = FeatureEnd.output
  /// By what the model multiplies probabilities at last, as for percentages; that is left out. 1 where it does not.
  package private(set) var factor = 1.0

  /// Whether all that a classifier gives lies between 0 and 1.
  package var endsInProbabilities: Bool { outputActivation.givesProbabilities }

  /// What a classifier's numbers go through last.
  package var outputActivation: Activation { classifier.map(\.operation).outputActivation }

  /// The operations that a classifier's layers may have that somebody declares.
  package static let operations: [any LayerOperation.Type] = [
    Dense.self, ActivationLayer.self, BatchNormalization.self, UnitNormalization.self, Dropout.self,
    Flatten.self,
    GlobalAveragePooling2D.self, GlobalMaxPooling2D.self,
  ]

  /// Those that the classifiers of whole models may have besides. One with others is part of the backbone up to its last activation.
  package static let operationsOfClassifiers: [any LayerOperation.Type] = [
    Conv2D.self, SeparableConv2D.self, DepthwiseConv2D.self, MaxPooling2D.self, AveragePooling2D.self,
    LayerNormalization.self, Rescaling.self, Reshape.self,
  ]

  /// Takes `graph` apart. Its classifier is what the layers that give scores read and all behind that, from the first of its last
  /// layers on that leaves one row of numbers of an image, each of which is all that reads the one before it.
  ///
  /// - Parameters:
  ///   - graph: the network.
  ///   - size: of its images.
  ///   - isWhole: whether it ends where the model does; what its last layers give is no score where others were behind them.
  ///   - evidence: what is known of the numbers that it gives.
  /// - Throws: `CatalogError` where the graph's shapes do not fit `size`.
  package init(
    _ graph: LayerGraph, size: Extent, isWhole: Bool = true, evidence: OutputEvidence = OutputEvidence()
  ) throws(CatalogError) {
    let chain = try ClosingChain(graph, size: size)
    guard isWhole else {
      self = chain.collapse.map { FeatureCut(chain, at: $0).withoutClassifier } ?? NetworkParts(whole: graph)
      end = .branches
      return
    }
    if let scaled = graph.scaled,
      let parts = try? NetworkParts(scaled.graph, size: size, evidence: evidence),
      !parts.classifier.isEmpty, parts.endsInProbabilities
    {
      self = parts
      factor = scaled.factor
    } else if let end = FeatureEnd(ofEmbedding: graph, evidence) {
      self.init(whole: graph, end: end)
    } else if let scoring = ScoringLayers(graph, chain.shapes, evidence) {
      self = try NetworkParts(chain, scoring, size: size)
    } else if let start = chain.classifierStart(nil) {
      self = FeatureCut(chain, at: start).parts()
      end = features.hasSums ? .activation(outputActivation) : .nothingLearnt
    } else {
      self = FeatureCut(endOf: chain)?.withoutClassifier ?? NetworkParts(whole: graph)
    }
  }

  /// A network whose scores are those of some layers.
  private init(_ chain: ClosingChain, _ scoring: ScoringLayers, size: Extent) throws(CatalogError) {
    let (graph, names) = (chain.graph, scoring.names)
    guard scoring.certainty != .doubtful else {
      self.init(whole: graph, end: .kept(names))
      return
    }
    if let start = chain.classifierStart(scoring) {
      self = FeatureCut(chain, at: start).parts(endsInProbabilities: scoring.endInProbabilities)
    } else if let shared = graph.sharedPart(ahead: names), shared.hasSums {
      let features = try NetworkParts(shared, size: size, isWhole: false)
      self = chain.separatingEnd(features: features, endsInProbabilities: scoring.endInProbabilities)
    } else {
      self = chain.separatingEnd(
        features: NetworkParts(whole: graph), endsInProbabilities: scoring.endInProbabilities)
      end = .nothingLearnt
    }
    if end != .nothingLearnt, features.hasSums {
      end = FeatureEnd(scoring)
    } else if scoring.certainty == .guessed {
      // By a guess, all that was learnt would be lost.
      self.init(whole: graph, end: .kept(names))
    } else {
      end = .nothingLearnt
    }
  }

  /// A network without a classifier.
  ///
  /// - Parameter end: what tells that.
  package init(whole graph: LayerGraph, end: FeatureEnd = .output) {
    let bare = graph.withoutAveraging
    self.init(backbone: bare, features: bare)
    self.end = end
  }

  /// A network as it is, since its own numbers are what somebody wants.
  ///
  /// - Parameters:
  ///   - loss: that it was trained with, where that is known.
  ///   - scoring: the same network taken apart as if they were scores.
  package init(numbersOf graph: LayerGraph, loss: String?, ratherThan scoring: NetworkParts) {
    self.init(backbone: graph, features: graph)
    let ahead = scoring.features.hasSums ? scoring.features.layers.last?.name : nil
    let lastSum = graph.layers.last { $0.operation is any BiasedOperation }?.name
    let isCut = scoring.end != .nothingLearnt && !scoring.classifier.isEmpty
    end = .numbers(loss: loss, ahead: isCut ? ahead : lastSum.flatMap { graph.lastLayer(ahead: [$0]) })
  }

  /// What somebody asked for: a network up to a layer, as it is.
  package init(upTo graph: LayerGraph) {
    self.init(backbone: graph, features: graph)
    end = .asked
  }

  init(
    backbone: LayerGraph, features: LayerGraph, pooling: Layer? = nil, classifier: [Layer] = [],
    poolsAhead: String? = nil
  ) {
    (self.backbone, self.features) = (backbone, features)
    (self.pooling, self.classifier, self.poolsAhead) = (pooling, classifier, poolsAhead)
  }
}

extension NetworkParts {
  /// Whether what a network gives are scores of classes for sure, and no features: a softmax or sigmoid stands behind its last sums, or
  /// a softmax behind anything else.
  package static func givesScores(_ graph: LayerGraph, size: Extent) -> Bool {
    guard let chain = try? ClosingChain(graph, size: size) else { return false }
    if let scoring = ScoringLayers(graph, chain.shapes, OutputEvidence()) {
      return scoring.certainty == .byProbabilities
    }
    let last = graph.layers.last { !$0.operation.keepsLimits }
    return (last?.operation as? any ActivationOperation)?.activation == .softmax
  }
}

extension Rescaling {
  /// The one number that all are multiplied by, where nothing is added.
  fileprivate var factor: Double? {
    Set(scale).count == 1 && offset.allSatisfy { $0 == 0 } ? scale[0] : nil
  }
}

extension LayerGraph {
  /// The graph ahead of a factor that it ends in, which must be above 0, and the factor; nil where there is none.
  fileprivate var scaled: (graph: LayerGraph, factor: Double)? {
    guard let last = layers.last, let factor = (last.operation as? Rescaling)?.factor, factor > 0,
      let source = layers.dropLast().last, [source.name] == last.inputs, !(source.operation is Rescaling)
    else { return nil }
    return (LayerGraph(layers: layers.dropLast()), factor)
  }

  /// The last layer that everything passes through on its way to the layers called `names`, if anything was learnt up to it; nil where
  /// nothing was.
  package func lastLayer(ahead names: [String]) -> String? {
    sharedPart(ahead: names).flatMap { $0.hasSums ? $0.layers.last?.name : nil }
  }

  /// The graph up to the last layer that everything passes through on its way to the layers called `names`; nil where there is none.
  fileprivate func sharedPart(ahead names: [String]) -> LayerGraph? {
    var sources: [String] = []
    for layer in layers where names.contains(layer.name) {
      sources += layer.inputs.filter { !sources.contains($0) }
    }
    return try? sharedPart(of: sources).graph
  }

  /// The graph without the mean over all pixels that it may end in, which is what becomes of features anyway.
  fileprivate var withoutAveraging: LayerGraph { trimmed { $0 is GlobalAveragePooling2D } }

  private func trimmed(_ ends: (any LayerOperation) -> Bool) -> LayerGraph {
    var layers = layers
    while layers.count > 1, let last = layers.last, last.inputs == [layers[layers.count - 2].name],
      ends(last.operation) || last.operation.isIdentityAtInference
    {
      layers.removeLast()
    }
    return LayerGraph(layers: layers)
  }
}

extension [any LayerOperation] {
  /// What the numbers that come of the last go through last, but for what leaves them between the same limits.
  package var outputActivation: Activation {
    for operation in reversed() {
      if let sum = operation as? any BiasedOperation { return sum.activation }
      if let activation = (operation as? any ActivationOperation)?.activation {
        if activation != .linear { return activation }
      } else if !operation.keepsLimits {
        return .linear
      }
    }
    return .linear
  }
}

extension LayerOperation {
  /// Whether what comes out lies between the limits between which what goes in does.
  var keepsLimits: Bool {
    isIdentityAtInference || self is Flatten || self is Reshape || self is any GlobalPoolingOperation
      || self is any PoolingOperation
  }
}
