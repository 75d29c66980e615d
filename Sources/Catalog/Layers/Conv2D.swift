package import Tensors

/// `Conv2D`. Kernel `[kh, kw, in / groups, filters]` (HWIO), cross-correlation.
package struct Conv2D: ConvolutionOperation {
  package static let keyword = "conv"
  package static let kerasClasses = ["Conv2D", "Convolution2D"]
  package static let settings: [LayerSetting<Self>] =
    [LayerSetting("filters", keras: "filters", .count, \.filters)] + LayerSetting.convolution
    + [LayerSetting("groups", keras: "groups", .count, \.groups, isOptional: true)]

  package var filters = 1
  package var window = SlidingWindow()
  package var useBias = true
  package var activation = Activation.linear
  /// Into how many parts channels and filters are divided that know nothing of each other.
  package var groups = 1

  package init() {}

  package func outputShape(of inputs: [ActivationShape]) throws(ShapeProblem) -> ActivationShape {
    guard filters % groups == 0, (inputs[0].channels ?? 0) % groups == 0 else {
      throw ShapeProblem(
        problem: "its \(groups) groups divide \(filters) filters and the channels of "
          + "\(inputs[0].kerasDescription) with a remainder; expected none")
    }
    return try window.output(of: inputs[0], channels: filters)
  }

  package func parameters(of inputs: [ActivationShape]) throws(ShapeProblem) -> [ParameterDeclaration] {
    let channels = try inputs[0].knownChannels() / groups
    return [ParameterDeclaration("kernel", [kernel.height, kernel.width, channels, filters])] + bias(filters)
  }

  package func multiplyAdds(of inputs: [TensorShape], output: TensorShape) -> [Int] {
    [output.elementCount, kernel.height, kernel.width, (inputs[0].dimensions.last ?? 0) / groups]
  }
}
