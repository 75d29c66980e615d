public import Tensors

/// One layer of a head built for features of a known shape.
public struct HeadLayerSummary: Hashable, Sendable {
  /// Keras's automatic name: `dense_1`.
  public var name: String
  /// The layer itself.
  public var layer: HeadLayer
  /// What it reads, for one sample: `[H, W, C]` or `[C]`.
  public var inputShape: TensorShape
  /// What it yields, for one sample.
  public var outputShape: TensorShape
  /// The number of its parameters.
  public var parameterCount: Int
  /// Those of them that do not learn: a batch normalisation's moving averages.
  public var nonTrainableParameterCount = 0
}

extension Head {
  /// Every layer with its shapes and parameter count, for one sample of `inputShape`: `[C]` or `[H, W, C]`.
  ///
  /// - Throws: ``TrainingError`` for a layer that cannot read its input, a rate outside [0, 1), a head
  ///   without layers, an output that is not one row of numbers.
  public func summary(inputShape: TensorShape) throws(TrainingError) -> [HeadLayerSummary] {
    guard inputShape.rank == 1 || inputShape.rank == 3, inputShape.elementCount > 0 else {
      throw .layerInput(
        name: "input", expected: "(channels,) or (height, width, channels)", found: inputShape,
        advice: "give the shape of one sample's features")
    }
    var shape = inputShape
    var summaries: [HeadLayerSummary] = []
    for (layer, name) in zip(layers, layerNames) {
      let summary = try layer.summary(name: name, inputShape: shape)
      summaries.append(summary)
      shape = summary.outputShape
    }
    try checkOutput(shape)
    return summaries
  }

  private func checkOutput(_ shape: TensorShape) throws(TrainingError) {
    guard layers.contains(where: { if case .dense = $0 { true } else { false } }) else {
      throw .headOutput(
        expected: "computed by at least one dense layer", found: "none",
        advice: "end with dense(classes, softmax), or dense(1, sigmoid) for two classes")
    }
    guard shape.rank == 1 else {
      throw .headOutput(
        expected: "one row of numbers per sample", found: "\(shape)",
        advice: "put flatten or global_average_pooling first")
    }
  }
}

extension HeadLayer {
  func check(name: String) throws(TrainingError) {
    switch self {
    case .dense(let dense) where dense.units < 1:
      throw .layer(name: name, expected: "1 unit or more", found: "\(dense.units)")
    case .dense(let dense):
      try dense.kernelRegularizer.check(name: name)
      try dense.biasRegularizer.check(name: name)
    case .batchNormalization(let normalization): try normalization.check(name: name)
    case .dropout(let dropout) where !(dropout.rate >= 0 && dropout.rate < 1):
      throw .layer(
        name: name, expected: "a rate from 0 up to but not including 1", found: "\(dropout.rate)")
    default: break
    }
  }

  fileprivate func summary(name: String, inputShape: TensorShape) throws(TrainingError) -> HeadLayerSummary {
    try check(name: name)
    var summary = HeadLayerSummary(
      name: name, layer: self, inputShape: inputShape, outputShape: inputShape, parameterCount: 0)
    switch self {
    case .dense(let dense):
      summary.outputShape = try dense.outputShape(name: name, inputShape)
      let inputs = inputShape[inputShape.rank - 1]
      summary.parameterCount = (inputs + (dense.useBias ? 1 : 0)) * dense.units
    case .flatten: summary.outputShape = TensorShape([inputShape.elementCount])
    case .globalAveragePooling, .globalMaxPooling:
      guard inputShape.rank == 3 else {
        throw .layerInput(
          name: name, expected: "(height, width, channels)", found: inputShape,
          advice: "these features are pooled or flattened already: leave the layer out")
      }
      summary.outputShape = TensorShape([inputShape[2]])
    case .batchNormalization(let normalization):
      let channels = inputShape[inputShape.rank - 1]
      summary.nonTrainableParameterCount = 2 * channels
      summary.parameterCount =
        (2 + (normalization.scale ? 1 : 0) + (normalization.center ? 1 : 0)) * channels
    case .dropout, .activation, .unitNormalization: break
    }
    return summary
  }
}

extension Dense {
  /// Elements of a kernel: a terabyte, beyond which only a mistake leads.
  private static let largestKernel = 1 << 38

  /// `units` in place of the last extent, after making sure that kernel and output can be counted at all.
  fileprivate func outputShape(name: String, _ input: TensorShape) throws(TrainingError) -> TensorShape {
    let inputs = input[input.rank - 1]
    guard inputs < Int.max, let kernel = TensorShape(validating: [inputs + 1, units]),
      kernel.elementCount <= Self.largestKernel,
      let output = TensorShape(validating: input.dimensions.dropLast() + [units])
    else {
      throw .layer(name: name, expected: "a kernel that fits memory", found: "\(inputs) x \(units)")
    }
    return output
  }
}
