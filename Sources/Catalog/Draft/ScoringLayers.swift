import Tensors

/// The layers of weighted sums that a network's scores are: nothing stands behind them but what scores go through.
struct ScoringLayers {
  /// Their names, in the order of the graph.
  let names: [String]
  /// What tells that they are scores.
  let certainty: Certainty
  /// Whether what the network gives lies between 0 and 1, as probabilities do, by whatever ways it comes.
  let endInProbabilities: Bool

  enum Certainty: Hashable {
    /// A softmax or sigmoid stands behind them.
    case byProbabilities
    /// Whoever trained the network, or names its classes, says so.
    case byEvidence
    /// They give one row of numbers each, as dense layers do.
    case byDenseLayers
    /// Nothing but that they have no activation, fewer filters than what they read has channels, and only pooling behind them.
    case guessed
    /// They may be features as well.
    case doubtful
  }

  /// Nil where something else stands behind the last weighted sums: an activation of features, or a normalisation.
  init?(_ graph: LayerGraph, _ shapes: [TensorShape], _ evidence: OutputEvidence) {
    guard let last = graph.layers.last, let output = shapes.last else { return nil }
    var passages = [last.name: Passage()]
    let channels = Dictionary(zip(graph.layers.map(\.name), shapes.map { $0.dimensions.last ?? 0 })) {
      first, _ in first
    }
    var walk = Walk(count: output.elementCount, isKnown: evidence.areScores(output.elementCount))
    for (layer, shape) in zip(graph.layers, shapes).reversed() {
      guard var passage = passages[layer.name] else { continue }
      let width = layer.inputs.first.flatMap { channels[$0] } ?? 0
      guard walk.passes(layer, shape, reading: width, &passage) else { return nil }
      if layer.operation is any BiasedOperation { continue }
      for input in layer.inputs { passages[input] = passages[input]?.joined(with: passage) ?? passage }
    }
    guard !walk.found.isEmpty, let certainty = walk.certainty(output) else { return nil }
    names = walk.found.reversed().map(\.name)
    self.certainty = certainty
    endInProbabilities = walk.areWithin
  }
}

/// What is found on the way from a network's end to its last weighted sums.
private struct Walk {
  /// How many numbers the network gives, and whether they are known to be scores.
  let count: Int
  let isKnown: Bool
  private(set) var found: [Layer] = []
  /// Whether what the sums give lies between 0 and 1 at the end.
  private(set) var areWithin = true
  private var haveProbabilities = (one: false, all: true)
  private var areNormalised = false
  private var areRows = true
  /// Whether each has fewer filters than what it reads has channels: features are seldom brought together at last.
  private var areNarrow = true
  private var merges = (maps: false, rows: false, concatenates: false)

  init(count: Int, isKnown: Bool) { (self.count, self.isKnown) = (count, isKnown) }

  /// Whether scores may come through a layer on their way to the end.
  ///
  /// - Parameters:
  ///   - shape: what the layer gives.
  ///   - channels: of what it reads.
  ///   - passage: what stands behind it.
  mutating func passes(
    _ layer: Layer, _ shape: TensorShape, reading channels: Int, _ passage: inout Passage
  ) -> Bool {
    let sum = layer.operation as? any BiasedOperation
    passage.pass(layer.operation, sum?.activation)
    haveProbabilities.one = haveProbabilities.one || passage.haveProbabilities
    guard sum == nil else {
      areNarrow = areNarrow && shape.dimensions.last.map { $0 < channels } ?? false
      return ends(layer, shape, passage)
    }
    guard layer.inputs.count > 1 else { return layer.operation.passesScores }
    if shape.isRow { merges.rows = true } else { merges.maps = true }
    merges.concatenates = merges.concatenates || layer.operation is Concatenate
    return true
  }

  private mutating func ends(_ layer: Layer, _ shape: TensorShape, _ passage: Passage) -> Bool {
    let isTold = passage.haveProbabilities || isKnown
    // One channel of each map alone makes no class.
    if layer.operation is DepthwiseConv2D, !isTold { return false }
    if passage.hasActivation, !isTold || shape.dimensions.last != count { return false }
    if passage.isNormalised, isTold, shape.dimensions.last != count { return false }
    found.append(layer)
    haveProbabilities.all = haveProbabilities.all && passage.haveProbabilities
    areWithin = areWithin && passage.keepsLimits && passage.haveProbabilities
    areNormalised = areNormalised || passage.isNormalised
    areRows = areRows && shape.isRow && !(layer.operation is DepthwiseConv2D)
    return true
  }

  /// What tells that the sums are scores; nil for features.
  func certainty(_ output: TensorShape) -> ScoringLayers.Certainty? {
    // Of maps that are put together, one may be what another is weighted with.
    if merges.maps ? haveProbabilities.all : haveProbabilities.one { return .byProbabilities }
    if isKnown { return .byEvidence }
    if areRows, !areNormalised { return .byDenseLayers }
    if areNormalised { return output.isRow && !areRows ? .doubtful : nil }
    let isJoined = merges.rows && merges.concatenates && found.count > 1
    return output.isVector && areNarrow && !merges.maps && !isJoined ? .guessed : .doubtful
  }
}

/// What stands between a layer and the end.
private struct Passage {
  var haveProbabilities = false
  /// Whether an activation of features is among it.
  var hasActivation = false
  var isNormalised = false
  /// Whether what stands behind the last softmax or sigmoid leaves numbers between the same limits.
  var keepsLimits = true

  mutating func pass(_ operation: any LayerOperation, _ own: Activation?) {
    if operation is BatchNormalization { isNormalised = true }
    if !haveProbabilities { keepsLimits = keepsLimits && (own != nil || operation.keepsProbabilities) }
    guard let activation = own ?? (operation as? any ActivationOperation)?.activation else { return }
    if activation.givesProbabilities {
      haveProbabilities = true
    } else if activation != .linear {
      hasActivation = true
    }
  }

  func joined(with other: Passage) -> Passage {
    Passage(
      haveProbabilities: haveProbabilities || other.haveProbabilities,
      hasActivation: hasActivation || other.hasActivation, isNormalised: isNormalised || other.isNormalised,
      keepsLimits: keepsLimits && other.keepsLimits)
  }
}

extension LayerOperation {
  /// Whether scores may go through it on their way to the end.
  fileprivate var passesScores: Bool {
    isIdentityAtInference || self is any ActivationOperation || self is any GlobalPoolingOperation
      || self is any PoolingOperation || self is Flatten || self is Reshape || self is Permute
      || self is Rescaling || self is BatchNormalization || framesMaps
  }

  /// Whether it leaves every map a map of the same, larger or smaller.
  private var framesMaps: Bool {
    self is UpSampling2D || self is ZeroPadding2D || self is Cropping2D || self is CenterCrop
      || self is Resizing
  }

  /// Whether of numbers between 0 and 1 it makes such numbers.
  fileprivate var keepsProbabilities: Bool {
    self is Average || self is Maximum || self is Minimum || self is Multiply || self is Concatenate
      || framesMaps || keepsLimits
      || (self as? any ActivationOperation)?.activation.givesProbabilities == true
  }
}

extension TensorShape {
  /// Whether it is one row of numbers, be it that of a single pixel.
  var isRow: Bool { dimensions.dropLast().allSatisfy { $0 == 1 } }

  /// Whether all its extents but one are 1.
  var isVector: Bool { dimensions.count { $0 != 1 } <= 1 }
}
