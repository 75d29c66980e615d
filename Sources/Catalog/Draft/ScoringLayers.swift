import Tensors

/// The layers of weighted sums that a network's scores are: nothing stands behind them but what scores go through.
struct ScoringLayers {
  /// Their names, in the order of the graph.
  let names: [String]
  /// Whether a softmax or sigmoid stands behind one of them; otherwise it is only told by what does not stand there.
  let haveProbabilities: Bool
  /// Whether what the network gives lies between 0 and 1, as probabilities do, by whatever ways it comes.
  let endInProbabilities: Bool

  /// Nil where something else stands behind the last weighted sums: an activation of features, or a normalisation.
  init?(_ graph: LayerGraph, _ shapes: [TensorShape]) {
    guard let last = graph.layers.last, let classes = shapes.last?.elementCount else { return nil }
    var passages = [last.name: Passage()]
    var (found, haveProbabilities, areMerged, areWithin) = ([Layer](), false, false, true)
    for (layer, shape) in zip(graph.layers, shapes).reversed() {
      guard var passage = passages[layer.name] else { continue }
      let sum = layer.operation as? any BiasedOperation
      passage.pass(layer.operation, sum?.activation)
      haveProbabilities = haveProbabilities || passage.haveProbabilities
      if sum != nil {
        guard passage.scores(shape.dimensions.last == classes) else { return nil }
        found.append(layer)
        areWithin = areWithin && passage.keepsLimits && passage.haveProbabilities
        continue
      }
      if layer.inputs.count > 1 {
        guard shape.isRow else { return nil }
        areMerged = true
      } else if !layer.operation.passesScores {
        return nil
      }
      for input in layer.inputs { passages[input] = passages[input]?.joined(with: passage) ?? passage }
    }
    // Maps of several convolutions that are put together may well be features.
    guard !found.isEmpty, !areMerged || found.count == 1 || haveProbabilities || found.areDense else {
      return nil
    }
    names = found.reversed().map(\.name)
    self.haveProbabilities = haveProbabilities
    endInProbabilities = areWithin
  }

  /// What stands between a layer and the end.
  private struct Passage {
    var haveProbabilities = false
    /// Whether an activation of features or a normalisation is among it.
    var hasFeatures = false
    /// Whether what stands behind the last softmax or sigmoid leaves numbers between the same limits.
    var keepsLimits = true

    mutating func pass(_ operation: any LayerOperation, _ own: Activation?) {
      if operation is BatchNormalization { hasFeatures = true }
      if !haveProbabilities { keepsLimits = keepsLimits && (own != nil || operation.keepsProbabilities) }
      guard let activation = own ?? (operation as? any ActivationOperation)?.activation else { return }
      if activation.givesProbabilities {
        haveProbabilities = true
      } else if activation != .linear {
        hasFeatures = true
      }
    }

    func joined(with other: Passage) -> Passage {
      Passage(
        haveProbabilities: haveProbabilities || other.haveProbabilities,
        hasFeatures: hasFeatures || other.hasFeatures, keepsLimits: keepsLimits && other.keepsLimits)
    }

    /// Whether the sums ahead of it are scores, of which there may be one for each class.
    func scores(_ isOneEach: Bool) -> Bool { !hasFeatures || haveProbabilities && isOneEach }
  }
}

extension [Layer] {
  fileprivate var areDense: Bool { allSatisfy { $0.operation is Dense } }
}

extension LayerOperation {
  /// Whether scores may go through it on their way to the end.
  fileprivate var passesScores: Bool {
    isIdentityAtInference || self is any ActivationOperation || self is any GlobalPoolingOperation
      || self is any PoolingOperation || self is Flatten || self is Reshape || self is Permute
      || self is Rescaling || self is BatchNormalization
  }
}

extension LayerOperation {
  /// Whether of numbers between 0 and 1 it makes such numbers.
  fileprivate var keepsProbabilities: Bool {
    self is Average || self is Maximum || self is Minimum || self is Multiply || self is Concatenate
      || keepsLimits || (self as? any ActivationOperation)?.activation.givesProbabilities == true
  }
}

extension TensorShape {
  /// Whether it is one row of numbers, be it that of a single pixel.
  var isRow: Bool { dimensions.dropLast().allSatisfy { $0 == 1 } }

  /// Whether all its extents but one are 1.
  var isVector: Bool { dimensions.count { $0 != 1 } <= 1 }
}
