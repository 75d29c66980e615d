/// What tells where a network's features end.
package enum FeatureEnd: Hashable, Sendable {
  /// They are what the network gives: nothing classifies.
  case output
  /// Somebody asked for a layer.
  case asked
  /// What it gives compares images, and is no class's: so its loss has it, or the layer that makes all numbers' length 1.
  case embedding(By)
  /// What it gives are numbers that were learnt for their own sake, with this loss or, as a single number, with one that nobody knows
  /// (nil); the layer that features would end at if these were scores.
  case numbers(loss: String?, ahead: String?)
  /// Several outputs, or several branches of scores, begin behind them.
  case branches
  /// Scores are behind them: a softmax or sigmoid tells.
  case probabilities
  /// Scores are behind them: a loss of classes, or as many names of classes, tell.
  case evidence
  /// A dense layer without an activation is behind them.
  case dense
  /// A dense layer is behind them, and this activation.
  case activation(Activation)
  /// Nothing but that a convolution has no activation, and only pooling stands behind it: that its maps are scores is a guess.
  case guessed([String])
  /// They are what the network gives, though these convolutions without an activation may give scores.
  case kept([String])
  /// Nothing was learnt ahead of the layers of scores: there are no features.
  case nothingLearnt

  /// What tells of an embedding.
  package enum By: Hashable, Sendable {
    case normalisation(String)
    case loss(String)
  }

  init(_ scoring: ScoringLayers) {
    switch scoring.certainty {
    case .byProbabilities: self = .probabilities
    case .byEvidence: self = .evidence
    case .byDenseLayers: self = .dense
    case .guessed: self = .guessed(scoring.names)
    case .doubtful: self = .kept(scoring.names)
    }
  }

  /// Nil where nothing tells of an embedding.
  init?(ofEmbedding graph: LayerGraph, _ evidence: OutputEvidence) {
    if let loss = evidence.loss, loss.isOfEmbeddings {
      self = .embedding(.loss(loss.name))
      return
    }
    guard evidence.loss?.isOfClasses != true, evidence.labelCount == nil, graph.hasSums,
      let last = graph.layers.last(where: { !$0.operation.leavesNumbers }),
      last.operation is UnitNormalization
    else { return nil }
    self = .embedding(.normalisation(last.name))
  }
}

extension LayerOperation {
  /// Whether it leaves all numbers as they are, in their order.
  fileprivate var leavesNumbers: Bool { isIdentityAtInference || self is Flatten || self is Reshape }
}
