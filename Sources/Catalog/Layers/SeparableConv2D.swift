package import Tensors

/// `SeparableConv2D`: depthwise `[kh, kw, in, multiplier]`, then pointwise `[1, 1, in * multiplier, filters]`, nothing between
/// them.
package struct SeparableConv2D: ConvolutionOperation {
  package static let keyword = "separableConv"
  package static let kerasClasses = ["SeparableConv2D"]
  package static let settings: [LayerSetting<Self>] =
    [LayerSetting("filters", keras: "filters", .count, \.filters)] + LayerSetting.convolution
    + [
      LayerSetting("depthMultiplier", keras: "depth_multiplier", .count, \.depthMultiplier, isOptional: true)
    ]

  package var filters = 1
  package var window = SlidingWindow()
  package var useBias = true
  package var activation = Activation.linear
  /// Depthwise filters a channel.
  package var depthMultiplier = 1

  package init() {}

  package func outputShape(of inputs: [ActivationShape]) throws(ShapeProblem) -> ActivationShape {
    try window.output(of: inputs[0], channels: filters)
  }

  package func parameters(of inputs: [ActivationShape]) throws(ShapeProblem) -> [ParameterDeclaration] {
    let channels = try inputs[0].knownChannels()
    return [
      ParameterDeclaration("depthwise_kernel", [kernel.height, kernel.width, channels, depthMultiplier]),
      ParameterDeclaration("pointwise_kernel", [1, 1, channels * depthMultiplier, filters]),
    ] + bias(filters)
  }

  package func multiplyAdds(of inputs: [TensorShape], output: TensorShape) -> [Int] {
    [
      output[0], output[1], inputs[0].dimensions.last ?? 0, depthMultiplier,
      kernel.height * kernel.width + filters,
    ]
  }
}
