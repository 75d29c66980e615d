/// `LayerScale`: `x * gamma`, one factor a channel.
package struct LayerScale: LayerOperation {
  package static let keyword = "layerScale"
  package static let kerasClasses = ["LayerScale"]

  package init() {}

  package func outputShape(of inputs: [ActivationShape]) throws(ShapeProblem) -> ActivationShape { inputs[0] }

  package func parameters(of inputs: [ActivationShape]) throws(ShapeProblem) -> [ParameterDeclaration] {
    [ParameterDeclaration("gamma", [try inputs[0].knownChannels()])]
  }
}
