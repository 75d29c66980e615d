import Tensors

/// A network cut where its classifier begins.
struct FeatureCut {
  private let chain: ClosingChain
  /// The first layer of the classifier, or what pools features for it.
  private let start: Int
  private let pooling: Layer?
  /// What was pooled is normalised: that is part of the network, ahead of which it is pooled.
  private let normalisations: [Layer]
  /// The first layer behind all that.
  private let rest: Int

  init(_ chain: ClosingChain, at start: Int) {
    self.chain = chain
    self.start = start
    pooling = chain.words(start)?.first { $0.operation is any GlobalPoolingOperation }
    let front = pooling == nil ? nil : chain.normalisations(behind: start)
    normalisations = front?.layers ?? []
    rest = front?.end ?? start + (pooling == nil ? 0 : 1)
  }

  /// A network that ends in what it has pooled and normalised; nil for any other.
  init?(endOf chain: ClosingChain) {
    guard let start = chain.collapse, let normalisations = chain.normalisedEnd(behind: start),
      let pooling = chain.words(start)?.first(where: { $0.operation is any GlobalPoolingOperation })
    else { return nil }
    self.chain = chain
    self.start = start
    self.pooling = pooling
    self.normalisations = normalisations
    rest = chain.indices.upperBound
  }

  /// What computes the features.
  private var features: LayerGraph {
    var (layers, source) = (chain.graph(below: start).layers, chain.source(of: start))
    for layer in normalisations {
      layers.append(layer.reading([source]))
      source = layer.name
    }
    return LayerGraph(layers: layers)
  }

  /// The features alone.
  var withoutClassifier: NetworkParts {
    NetworkParts(
      backbone: features, features: features, pooling: pooling, poolsAhead: normalisations.first?.name)
  }

  /// Features and classifier; of a classifier that cannot stand by itself, what can is parted from the network.
  ///
  /// - Parameter endsInProbabilities: whether it gives numbers between 0 and 1 where it does not end in an activation.
  func parts(endsInProbabilities: Bool = false) -> NetworkParts {
    let features = features
    guard chain.output?.isVector == true else {
      return NetworkParts(
        backbone: chain.graph, features: features, pooling: pooling, poolsAhead: normalisations.first?.name)
    }
    let row = TensorShape(chain.input(of: start).dimensions.suffix(1))
    let input = pooling == nil ? chain.input(of: start) : row
    // A classifier reads pixels or one row of numbers: sequences become that inside the network.
    let isRead = input.rank == 1 || input.rank == 3
    if !isRead, let classifier = chain.classifier(from: start + 1, reading: chain.output(of: start)) {
      let flattened = LayerGraph(layers: features.layers + [chain.layer(start)])
      return NetworkParts(backbone: flattened, features: features, classifier: classifier)
    }
    if isRead, let classifier = chain.classifier(from: rest, reading: input) {
      return NetworkParts(
        backbone: features, features: features, pooling: pooling, classifier: classifier,
        poolsAhead: normalisations.first?.name
      )
    }
    return chain.separatingEnd(features: withoutClassifier, endsInProbabilities: endsInProbabilities)
  }
}
