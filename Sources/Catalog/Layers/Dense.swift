package import Tensors

/// `Dense`, over the last axis. Kernel `[in, units]`.
package struct Dense: BiasedOperation {
  package static let keyword = "dense"
  package static let kerasClasses = ["Dense"]
  package static let settings: [LayerSetting<Self>] =
    [LayerSetting("units", keras: "units", .count, \.units)] + LayerSetting.biasAndActivation

  package var units = 1
  package var useBias = true
  package var activation = Activation.linear

  package init() {}

  package func outputShape(of inputs: [ActivationShape]) throws(ShapeProblem) -> ActivationShape {
    ActivationShape(inputs[0].dimensions.dropLast() + [units])
  }

  package func parameters(of inputs: [ActivationShape]) throws(ShapeProblem) -> [ParameterDeclaration] {
    [ParameterDeclaration("kernel", [try inputs[0].knownChannels(), units])] + bias(units)
  }

  package func multiplyAdds(of inputs: [TensorShape], output: TensorShape) -> [Int] {
    [output.elementCount, inputs[0].dimensions.last ?? 0]
  }
}
