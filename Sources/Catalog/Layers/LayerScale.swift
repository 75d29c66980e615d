/// `LayerScale`: `x * gamma`, one factor a channel.
package struct LayerScale: LayerOperation {
  package static let keyword = "layerScale"
  package static let kerasClasses = ["LayerScale"]

  package init() {}

  package func outputShape(of inputs: [ActivationShape]) throws(ShapeProblem) -> ActivationShape { inputs[0] }

  package func parameters(of inputs: [ActivationShape]) throws(ShapeProblem) -> [ParameterDeclaration] {
    [ParameterDeclaration("gamma", [try inputs[0].knownChannels()])]
  }

  /// A class of Keras's own networks. What its numbers begin with is of no account.
  package func describe(in keras: inout KerasMembers, reading input: ActivationShape) {
    keras.findOwnClass(kerasClass)
    keras.add("init_values", .number(1e-6))
    keras.add("projection_dim", .integer(input.channels ?? 1))
  }
}
