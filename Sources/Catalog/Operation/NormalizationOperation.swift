/// An operation that brings channels to a mean of 0 and a variance of 1; a `gamma` and a `beta` may follow.
package protocol NormalizationOperation: LayerOperation {
  /// What is added to variances.
  var epsilon: Double { get set }
  /// Whether there is a `gamma`.
  var scale: Bool { get set }
  /// Whether there is a `beta`.
  var center: Bool { get set }
}

extension NormalizationOperation {
  package func outputShape(of inputs: [ActivationShape]) throws(ShapeProblem) -> ActivationShape { inputs[0] }

  package func parameters(of inputs: [ActivationShape]) throws(ShapeProblem) -> [ParameterDeclaration] {
    try scaleAndCenter(inputs)
  }

  /// The `gamma` and the `beta` that there are, one number a channel each.
  func scaleAndCenter(_ inputs: [ActivationShape]) throws(ShapeProblem) -> [ParameterDeclaration] {
    let channels = [try inputs[0].knownChannels()]
    return (scale ? [ParameterDeclaration("gamma", channels)] : [])
      + (center ? [ParameterDeclaration("beta", channels)] : [])
  }
}

extension LayerSetting where Operation: NormalizationOperation {
  static var normalization: [LayerSetting] {
    [
      LayerSetting("epsilon", keras: "epsilon", .positive, \.epsilon, defaults: \.epsilon),
      LayerSetting("scale", keras: "scale", .flag, \.scale, defaults: \.scale),
      LayerSetting("center", keras: "center", .flag, \.center, defaults: \.center),
    ]
  }
}
