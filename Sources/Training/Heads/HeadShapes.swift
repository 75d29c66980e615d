package import Catalog
public import Tensors

/// One layer of a head built for features of a known shape.
public struct HeadLayerSummary: Hashable, Sendable {
  /// Keras's automatic name: `dense_1`.
  public var name: String
  /// The layer itself.
  public var layer: HeadLayer
  /// Its input shape, for one sample: `[H, W, C]` or `[C]`.
  public var inputShape: TensorShape
  /// Its output shape, for one sample.
  public var outputShape: TensorShape
  /// The arrays of numbers it owns, in Keras's order.
  package var parameters: [Parameter]

  /// The number of its parameters.
  public var parameterCount: Int { ParameterCounts(parameters).total }
  /// The non-trainable ones: a batch normalisation's moving averages.
  public var nonTrainableParameterCount: Int { ParameterCounts(parameters).nonTrainable }
}

extension Head {
  /// Every layer with its shapes and parameter count, for one sample of `inputShape`: `[C]` or `[H, W, C]`.
  ///
  /// - Throws: ``TrainingError`` for a layer that cannot read its input or has no gradient, a rate outside [0, 1), a
  ///   head without layers, an output that is not one row of numbers.
  public func summary(inputShape: TensorShape) throws(TrainingError) -> [HeadLayerSummary] {
    let summaries = try summaries(inputShape: inputShape)
    try checkLearns()
    return summaries
  }

  /// The same of a head that need not have anything to learn.
  func summaries(inputShape: TensorShape) throws(TrainingError) -> [HeadLayerSummary] {
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

  /// Refuses a head that has nothing to learn, and one with layers that only the classifiers of whole models have.
  func checkLearns() throws(TrainingError) {
    if let (layer, name) = zip(layers, layerNames).first(where: { !$0.0.isDeclarable }) {
      throw .noGradient(layer: name, operation: layer.className)
    }
    guard layers.contains(where: { $0.operation is Catalog.Dense }) else {
      throw .headOutput(
        expected: "computed by at least one dense layer", found: "none",
        advice: "end with dense(classes, softmax), or dense(1, sigmoid) for two classes")
    }
  }

  private func checkOutput(_ shape: TensorShape) throws(TrainingError) {
    guard shape.rank == 1 else {
      throw .headOutput(
        expected: "one row of numbers per sample", found: "\(shape)",
        advice: "begin the head with flatten or global_average_pooling")
    }
  }
}

extension HeadLayer {
  /// Elements of a parameter: a terabyte, beyond which only a mistake leads.
  private static let largestParameter = 1 << 38

  fileprivate func summary(name: String, inputShape: TensorShape) throws(TrainingError) -> HeadLayerSummary {
    let operation = try differentiableOperation(name: name)
    let input = ActivationShape(inputShape.dimensions.map(Optional.some))
    let output: ActivationShape
    let declarations: [ParameterDeclaration]
    do {
      output = try operation.outputShape(of: [input])
      declarations = try operation.parameters(of: [input])
    } catch {
      guard inputShape.rank == 1 else {
        throw .layer(name: name, expected: "an input that fits the layer", found: error.problem)
      }
      throw .layerInput(
        name: name, expected: "(height, width, channels)", found: inputShape,
        advice: "these features are pooled or flattened already: leave the layer out")
    }
    let parameters = try Self.parameters(declarations, name: name)
    guard let outputShape = output.shape else {
      throw .layer(
        name: name, expected: "an output of a known, possible size", found: output.kerasDescription)
    }
    return HeadLayerSummary(
      name: name, layer: self, inputShape: inputShape, outputShape: outputShape, parameters: parameters)
  }

  private static func parameters(
    _ declarations: [ParameterDeclaration], name: String
  ) throws(TrainingError) -> [Parameter] {
    var parameters: [Parameter] = []
    for declaration in declarations {
      guard let shape = TensorShape(validating: declaration.extents), shape.elementCount <= largestParameter
      else {
        throw .layer(
          name: name, expected: "a \(declaration.role) that fits memory",
          found: declaration.extents.map(String.init).joined(separator: " x "))
      }
      parameters.append(
        Parameter(
          layer: name, role: declaration.role, shape: shape, isTrainable: declaration.isTrainable))
    }
    return parameters
  }
}
